// name: shared_attributes
// about: Who shares what with an account; attributes with very many users are left out.
// param: buyer: text
// param: most_users: integer = 50
// returns: other: text
// returns: kinds: integer
// returns: attributes: texts
// cost: the users of one account's attributes
MATCH (b:Buyer {case_id: $case, id: $buyer})-[:USES]->(t)
WITH b, t, COUNT { (t)<-[:USES]-() } AS users
WHERE users > 1 AND users <= $most_users
MATCH (t)<-[:USES]-(o:Buyer)
WHERE o.id <> b.id
WITH o.id AS other, labels(t)[0] AS kind, t.id AS attribute
ORDER BY other, kind, attribute
WITH other, count(DISTINCT kind) AS kinds, collect(kind + ' ' + attribute) AS attributes
RETURN other, kinds, attributes
ORDER BY kinds DESC, other
