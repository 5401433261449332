// name: ring_members
// about: The members of a ring with role, reason, and how many other members each is linked with.
// param: ring: text
// returns: buyer: text
// returns: role: text
// returns: score: number
// returns: reason: text
// returns: linked_members: integer
// cost: one ring's members and links
MATCH (r:Ring {case_id: $case, id: $ring})<-[m:MEMBER_OF]-(b:Buyer)
OPTIONAL MATCH (b)-[:LINKED]-(o:Buyer) WHERE EXISTS { (o)-[:MEMBER_OF]->(:Ring {case_id: $case, id: $ring}) }
WITH b, m, count(DISTINCT o) AS linked_members
RETURN b.id AS buyer, m.role AS role, m.score AS score, m.reason AS reason, linked_members
ORDER BY score DESC, buyer
