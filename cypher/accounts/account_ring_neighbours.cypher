// name: account_ring_neighbours
// about: Rings that an account is not in, but is linked with members of.
// param: buyer: text
// returns: ring: text
// returns: tier: text
// returns: members_linked: integer
// returns: strongest: number
// cost: the links of one account
MATCH (b:Buyer {case_id: $case, id: $buyer})-[k:LINKED]-(o:Buyer)-[:MEMBER_OF]->(r:Ring)
WHERE NOT EXISTS { (b)-[:MEMBER_OF]->(r) }
WITH r, count(DISTINCT o) AS members_linked, max(k.weight) AS strongest
RETURN r.id AS ring, r.tier AS tier, members_linked, strongest
ORDER BY members_linked DESC, strongest DESC, ring
