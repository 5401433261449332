// name: sharing_via_third
// about: Two accounts joined by a third: one attribute shared with the first, another with the second.
// param: left: text
// param: right: text
// param: most_users: integer = 50
// param: limit: integer = 50
// returns: first_attribute: text
// returns: third: text
// returns: second_attribute: text
// cost: the users of both accounts' attributes
MATCH (a:Buyer {case_id: $case, id: $left})-[:USES]->(s)
WITH s, COUNT { (s)<-[:USES]-() } AS users
WHERE users <= $most_users
MATCH (s)<-[:USES]-(c:Buyer)
WHERE c.id <> $left AND c.id <> $right
MATCH (c)-[:USES]->(t)
WHERE EXISTS { (t)<-[:USES]-(:Buyer {case_id: $case, id: $right}) }
WITH s, c, t, COUNT { (t)<-[:USES]-() } AS others
WHERE others <= $most_users AND NOT (labels(s)[0] = labels(t)[0] AND s.id = t.id)
RETURN labels(s)[0] + ' ' + s.id AS first_attribute, c.id AS third, labels(t)[0] + ' ' + t.id AS second_attribute
ORDER BY third, first_attribute, second_attribute
LIMIT $limit
