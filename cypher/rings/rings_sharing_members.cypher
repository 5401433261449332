// name: rings_sharing_members
// about: Other rings that have a member of a ring.
// param: ring: text
// returns: other: text
// returns: tier: text
// returns: buyers: texts
// cost: one ring's members
MATCH (r:Ring {case_id: $case, id: $ring})<-[:MEMBER_OF]-(b:Buyer)-[:MEMBER_OF]->(o:Ring)
WHERE o.id <> $ring
WITH o, b.id AS buyer
ORDER BY o.id, buyer
WITH o, collect(buyer) AS buyers
RETURN o.id AS other, o.tier AS tier, buyers
ORDER BY other
