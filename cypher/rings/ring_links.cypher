// name: ring_links
// about: The links between a ring's members, by view.
// param: ring: text
// returns: left: text
// returns: right: text
// returns: view: text
// returns: weight: number
// returns: p: number
// returns: q: number
// cost: one ring's members and links
MATCH (r:Ring {case_id: $case, id: $ring})<-[:MEMBER_OF]-(a:Buyer)-[k:LINKED]->(b:Buyer)-[:MEMBER_OF]->(r)
RETURN a.id AS left, b.id AS right, k.view AS view, k.weight AS weight, k.p AS p, k.q AS q
ORDER BY left, right, view
