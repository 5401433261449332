// name: rings_sharing_targets
// about: Other rings that target the same listings or sellers' shops as a ring.
// param: ring: text
// returns: other: text
// returns: tier: text
// returns: listings: texts
// cost: one ring's targets
MATCH (r:Ring {case_id: $case, id: $ring})-[:TARGETS]->(l:Listing)<-[:TARGETS]-(o:Ring)
WHERE o.id <> $ring
WITH DISTINCT o, l.id AS listing
ORDER BY o.id, listing
WITH o, collect(listing) AS listings
RETURN o.id AS other, o.tier AS tier, listings
ORDER BY other
