// name: campaign_linked_orders
// about: Orders of a campaign by accounts that are linked with another account in the same campaign.
// param: campaign: text
// param: min_weight: number = 0.0
// param: limit: integer = 500
// returns: at: time
// returns: order_id: text
// returns: buyer: text
// returns: linked_with: integer
// cost: one campaign's buyers and their links
MATCH (k:Campaign {case_id: $case, id: $campaign})<-[:JOINED]-(a:Buyer)
WITH DISTINCT k, a
MATCH (a)-[l:LINKED]-(o:Buyer)
WHERE l.weight >= $min_weight AND EXISTS { (o)-[:JOINED]->(k) }
WITH k, a, count(DISTINCT o) AS linked_with
MATCH (a)-[j:JOINED]->(k)
RETURN j.at AS at, j.order_id AS order_id, a.id AS buyer, linked_with
ORDER BY at, order_id
LIMIT $limit
