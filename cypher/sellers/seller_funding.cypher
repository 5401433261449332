// name: seller_funding
// about: Buyers that a seller paid, and whether they had ordered from it before.
// param: seller: text
// param: limit: integer = 200
// returns: at: time
// returns: transfer: text
// returns: buyer: text
// returns: amount: number
// returns: currency: text
// returns: ordered_before: boolean
// cost: one seller's transfers
MATCH (s:Seller {case_id: $case, id: $seller})-[f:FUNDED]->(b:Buyer)
RETURN f.at AS at, f.transfer_id AS transfer, b.id AS buyer, f.amount AS amount, f.currency AS currency,
  EXISTS { (b)-[o:ORDERED]->(:Listing) WHERE o.seller_id = $seller AND o.at < f.at } AS ordered_before
ORDER BY at, transfer
LIMIT $limit
