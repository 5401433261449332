// name: shortest_links
// about: The shortest chain of linked accounts between two accounts; the first by name where several are as short.
// param: left: text
// param: right: text
// returns: steps: integer
// returns: accounts: texts
// cost: grows with the links around both; six steps at most
MATCH (a:Buyer {case_id: $case, id: $left})
MATCH (b:Buyer {case_id: $case, id: $right})
WHERE a.id <> b.id
MATCH p = allShortestPaths((a)-[:LINKED*..6]-(b))
WITH length(p) AS steps, [n IN nodes(p) | n.id] AS accounts
RETURN DISTINCT steps, accounts
ORDER BY accounts
LIMIT 1
