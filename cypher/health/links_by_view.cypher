// name: links_by_view
// about: How many links each view of the evidence has, and their weights.
// returns: view: text
// returns: links: integer
// returns: buyers: integer
// returns: lightest: number
// returns: heaviest: number
// cost: a scan of the links
MATCH (a:Buyer {case_id: $case})-[k:LINKED]->(b:Buyer)
UNWIND [a.id, b.id] AS buyer
WITH k.view AS view, count(buyer) / 2 AS links, count(DISTINCT buyer) AS buyers,
  min(k.weight) AS lightest, max(k.weight) AS heaviest
RETURN view, links, buyers, lightest, heaviest
ORDER BY view
