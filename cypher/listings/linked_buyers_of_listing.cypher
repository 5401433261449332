// name: linked_buyers_of_listing
// about: Pairs of a listing's buyers that are linked, with the views that link them.
// param: listing: text
// param: limit: integer = 200
// returns: left: text
// returns: right: text
// returns: views: texts
// returns: weight: number
// cost: one listing's buyers and their links
MATCH (l:Listing {case_id: $case, id: $listing})<-[:ORDERED]-(a:Buyer)
WITH DISTINCT l, a
MATCH (a)-[k:LINKED]->(b:Buyer)
WHERE EXISTS { (b)-[:ORDERED]->(l) }
WITH a.id AS left, b.id AS right, k.view AS view, k.weight AS weight
ORDER BY left, right, view
WITH left, right, collect(view) AS views, max(weight) AS weight
RETURN left, right, views, weight
ORDER BY weight DESC, left, right
LIMIT $limit
