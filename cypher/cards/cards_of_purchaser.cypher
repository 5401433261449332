// name: cards_of_purchaser
// about: The gift cards of one purchaser, and who redeemed them.
// param: purchaser: text
// param: limit: integer = 500
// returns: card: text
// returns: face_value: number
// returns: currency: text
// returns: issued_at: time
// returns: redeemed_at: time
// returns: buyer: text
// cost: one purchaser's cards
MATCH (p:Purchaser {case_id: $case, id: $purchaser})-[:BOUGHT]->(g:GiftCard)
OPTIONAL MATCH (g)<-[x:REDEEMED]-(b:Buyer)
RETURN g.id AS card, g.face_value AS face_value, g.currency AS currency, g.issued_at AS issued_at,
  x.at AS redeemed_at, b.id AS buyer
ORDER BY card, redeemed_at, buyer
LIMIT $limit
