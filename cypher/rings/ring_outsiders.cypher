// name: ring_outsiders
// about: Accounts outside a ring that are linked with two or more of its members.
// param: ring: text
// param: min_members: integer = 2
// param: limit: integer = 100
// returns: buyer: text
// returns: members_linked: integer
// returns: strongest: number
// cost: the links of one ring's members
MATCH (r:Ring {case_id: $case, id: $ring})<-[:MEMBER_OF]-(a:Buyer)-[k:LINKED]-(o:Buyer)
WHERE NOT EXISTS { (o)-[:MEMBER_OF]->(:Ring {case_id: $case, id: $ring}) }
WITH o, count(DISTINCT a) AS members_linked, max(k.weight) AS strongest
WHERE members_linked >= $min_members
RETURN o.id AS buyer, members_linked, strongest
ORDER BY members_linked DESC, strongest DESC, buyer
LIMIT $limit
