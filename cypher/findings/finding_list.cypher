// name: finding_list
// about: What was noticed about sellers and listings; of one kind where given.
// param: kind: text = null
// param: limit: integer = 200
// returns: finding: text
// returns: kind: text
// returns: seller: text
// returns: listing: text
// returns: orders: integer
// returns: buyers: integer
// returns: q_value: number
// returns: statement: text
// cost: a scan of the findings
MATCH (f:Finding {case_id: $case})
WHERE $kind IS NULL OR f.kind = $kind
RETURN f.id AS finding, f.kind AS kind, f.seller_id AS seller, f.listing_id AS listing, f.n_orders AS orders,
  f.n_buyers AS buyers, f.q_value AS q_value, f.statement AS statement
ORDER BY kind, finding
LIMIT $limit
