// name: same_crowd
// about: Listings that the same buyers ordered, most shared buyers first.
// param: listing: text
// param: min_buyers: integer = 2
// param: limit: integer = 50
// returns: other: text
// returns: seller: text
// returns: shared_buyers: integer
// returns: other_buyers: integer
// cost: the orders of one listing's buyers
MATCH (l:Listing {case_id: $case, id: $listing})<-[:ORDERED]-(b:Buyer)
WITH DISTINCT l, b
MATCH (b)-[:ORDERED]->(o:Listing)
WHERE o.id <> l.id
WITH o, count(DISTINCT b) AS shared_buyers
WHERE shared_buyers >= $min_buyers
WITH o, shared_buyers
ORDER BY shared_buyers DESC, o.id
LIMIT $limit
MATCH (o)<-[:ORDERED]-(x:Buyer)
WITH o, shared_buyers, count(DISTINCT x) AS other_buyers
RETURN o.id AS other, o.seller_id AS seller, shared_buyers, other_buyers
ORDER BY shared_buyers DESC, other
