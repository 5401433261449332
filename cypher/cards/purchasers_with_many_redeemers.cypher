// name: purchasers_with_many_redeemers
// about: Purchasers whose gift cards ended up with many buyers.
// param: min_buyers: integer = 3
// param: limit: integer = 50
// returns: purchaser: text
// returns: buyers: integer
// returns: cards: integer
// returns: values: integer
// cost: a scan of the purchasers and their cards
MATCH (p:Purchaser {case_id: $case})-[:BOUGHT]->(g:GiftCard)<-[:REDEEMED]-(b:Buyer)
WITH p, count(DISTINCT b) AS buyers, count(DISTINCT g) AS cards, count(DISTINCT g.face_value) AS values
WHERE buyers >= $min_buyers
RETURN p.id AS purchaser, buyers, cards, values
ORDER BY buyers DESC, purchaser
LIMIT $limit
