// name: linked_to_both
// about: Accounts that are linked with both of two accounts.
// param: left: text
// param: right: text
// returns: other: text
// returns: views_left: integer
// returns: views_right: integer
// cost: two accounts' links
MATCH (a:Buyer {case_id: $case, id: $left})-[k:LINKED]-(o:Buyer)
WITH o, count(k) AS views_left
MATCH (o)-[m:LINKED]-(b:Buyer {case_id: $case, id: $right})
WITH o, views_left, count(m) AS views_right
RETURN o.id AS other, views_left, views_right
ORDER BY other
