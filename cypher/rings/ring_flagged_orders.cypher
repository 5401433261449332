// name: ring_flagged_orders
// about: Orders of a ring that two independent reasons mark as not meant to be purchases.
// param: ring: text
// param: limit: integer = 500
// returns: order_id: text
// returns: buyer: text
// returns: listing: text
// returns: score: number
// returns: reasons: texts
// returns: subsidy: number
// returns: currency: text
// cost: one ring's members' flagged orders
MATCH (r:Ring {case_id: $case, id: $ring})<-[:MEMBER_OF]-(b:Buyer)-[f:FLAGGED]->(l:Listing)
WHERE f.ring_id = $ring
RETURN f.order_id AS order_id, b.id AS buyer, l.id AS listing, f.score AS score, f.reasons AS reasons,
  f.subsidy AS subsidy, f.currency AS currency
ORDER BY score DESC, order_id
LIMIT $limit
