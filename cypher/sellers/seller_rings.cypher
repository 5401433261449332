// name: seller_rings
// about: Rings that target a seller's listings.
// param: seller: text
// returns: ring: text
// returns: tier: text
// returns: scheme: text
// returns: listings: integer
// returns: most_members: integer
// cost: one seller's listings
MATCH (s:Seller {case_id: $case, id: $seller})-[:SELLS]->(l:Listing)<-[t:TARGETS]-(r:Ring)
WITH r, count(DISTINCT l) AS listings, max(t.members) AS most_members
RETURN r.id AS ring, r.tier AS tier, r.scheme AS scheme, listings, most_members
ORDER BY listings DESC, ring
