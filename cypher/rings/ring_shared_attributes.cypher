// name: ring_shared_attributes
// about: Attributes that two or more members of a ring use, and how many outsiders use them.
// param: ring: text
// returns: kind: text
// returns: attribute: text
// returns: members: integer
// returns: outsiders: integer
// cost: one ring's members' attributes
MATCH (r:Ring {case_id: $case, id: $ring})<-[:MEMBER_OF]-(b:Buyer)-[:USES]->(t)
WITH t, count(DISTINCT b) AS members
WHERE members >= 2
WITH t, members, COUNT { (t)<-[:USES]-(:Buyer) } AS buyers
RETURN labels(t)[0] AS kind, t.id AS attribute, members, buyers - members AS outsiders
ORDER BY members DESC, kind, attribute
