// name: direct_sharing
// about: Two accounts joined by one attribute that few others use: the shortest innocent-looking connection.
// param: left: text
// param: right: text
// param: most_users: integer = 200
// returns: kind: text
// returns: attribute: text
// returns: users: integer
// cost: one account's attributes
MATCH (a:Buyer {case_id: $case, id: $left})-[:USES]->(t)
WITH t, COUNT { (t)<-[:USES]-() } AS users
WHERE users <= $most_users AND EXISTS { (t)<-[:USES]-(:Buyer {case_id: $case, id: $right}) }
RETURN labels(t)[0] AS kind, t.id AS attribute, users
ORDER BY users, kind, attribute
