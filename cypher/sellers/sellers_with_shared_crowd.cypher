// name: sellers_with_shared_crowd
// about: Sellers who share many buyers with a seller.
// param: seller: text
// param: min_buyers: integer = 3
// param: limit: integer = 50
// returns: other: text
// returns: shared_buyers: integer
// cost: the orders of one seller's buyers
MATCH (s:Seller {case_id: $case, id: $seller})-[:SELLS]->(:Listing)<-[:ORDERED]-(b:Buyer)
WITH DISTINCT b
MATCH (b)-[o:ORDERED]->(:Listing)
WHERE o.seller_id <> $seller
WITH o.seller_id AS other, count(DISTINCT b) AS shared_buyers
WHERE shared_buyers >= $min_buyers
RETURN other, shared_buyers
ORDER BY shared_buyers DESC, other
LIMIT $limit
