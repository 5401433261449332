// name: purchaser_is_seller
// about: Buyers of a seller's listings who redeemed gift cards which that seller bought.
// param: limit: integer = 100
// returns: seller: text
// returns: buyers: integer
// returns: cards: integer
// cost: the cards that sellers bought
MATCH (s:Seller {case_id: $case})<-[:IS]-(:Purchaser)-[:BOUGHT]->(g:GiftCard)<-[:REDEEMED]-(b:Buyer)
WHERE EXISTS { (b)-[o:ORDERED]->(:Listing) WHERE o.seller_id = s.id }
WITH s, count(DISTINCT b) AS buyers, count(DISTINCT g) AS cards
RETURN s.id AS seller, buyers, cards
ORDER BY buyers DESC, seller
LIMIT $limit
