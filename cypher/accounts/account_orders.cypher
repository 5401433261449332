// name: account_orders
// about: What an account ordered, with amounts and what became of it.
// param: buyer: text
// param: limit: integer = 200
// returns: at: time
// returns: order_id: text
// returns: listing: text
// returns: listing_title: text
// returns: seller: text
// returns: amount: number
// returns: currency: text
// returns: discount: number
// returns: status: text
// cost: one account's orders
MATCH (b:Buyer {case_id: $case, id: $buyer})-[o:ORDERED]->(l:Listing)
RETURN o.at AS at, o.order_id AS order_id, l.id AS listing, l.listing_title AS listing_title, o.seller_id AS seller,
  o.amount AS amount, o.currency AS currency, o.discount AS discount, o.status AS status
ORDER BY at, order_id
LIMIT $limit
