// name: seller_findings
// about: What was noticed about a seller.
// param: seller: text
// returns: finding: text
// returns: kind: text
// returns: statement: text
// returns: first_at: time
// returns: last_at: time
// returns: orders: integer
// returns: buyers: integer
// cost: one seller's findings
MATCH (s:Seller {case_id: $case, id: $seller})<-[:ABOUT]-(f:Finding)
RETURN f.id AS finding, f.kind AS kind, f.statement AS statement, f.first_at AS first_at, f.last_at AS last_at,
  f.n_orders AS orders, f.n_buyers AS buyers
ORDER BY kind, finding
