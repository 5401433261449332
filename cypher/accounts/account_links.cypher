// name: account_links
// about: Which accounts an account is linked with, in which view of the evidence and how strongly.
// param: buyer: text
// param: limit: integer = 200
// returns: other: text
// returns: view: text
// returns: weight: number
// returns: p: number
// returns: q: number
// returns: via: text
// cost: one account's links
MATCH (b:Buyer {case_id: $case, id: $buyer})-[k:LINKED]-(o:Buyer)
RETURN o.id AS other, k.view AS view, k.weight AS weight, k.p AS p, k.q AS q, k.via AS via
ORDER BY weight DESC, other, view
LIMIT $limit
