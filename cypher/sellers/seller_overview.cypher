// name: seller_overview
// about: A seller in figures: listings, orders, findings, and rings that target the listings.
// param: seller: text
// returns: seller: text
// returns: country: text
// returns: created_at: time
// returns: listings: integer
// returns: orders: integer
// returns: findings: integer
// returns: rings: integer
// cost: one seller's listings
MATCH (s:Seller {case_id: $case, id: $seller})
OPTIONAL MATCH (s)-[:SELLS]->(l:Listing)
WITH s, count(l) AS listings, sum(COUNT { (l)<-[:ORDERED]-() }) AS orders
OPTIONAL MATCH (s)-[:SELLS]->(:Listing)<-[:TARGETS]-(r:Ring)
WITH s, listings, orders, count(DISTINCT r) AS rings
RETURN s.id AS seller, s.country AS country, s.created_at AS created_at, listings, orders,
  COUNT { (s)<-[:ABOUT]-() } AS findings, rings
