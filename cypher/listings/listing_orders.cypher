// name: listing_orders
// about: The orders of a listing in a span of time.
// param: listing: text
// param: since: time = null
// param: until: time = null
// param: limit: integer = 500
// returns: at: time
// returns: order_id: text
// returns: buyer: text
// returns: amount: number
// returns: currency: text
// returns: status: text
// cost: one listing's orders
MATCH (l:Listing {case_id: $case, id: $listing})<-[o:ORDERED]-(b:Buyer)
WHERE ($since IS NULL OR o.at >= datetime($since)) AND ($until IS NULL OR o.at < datetime($until))
RETURN o.at AS at, o.order_id AS order_id, b.id AS buyer, o.amount AS amount, o.currency AS currency, o.status AS status
ORDER BY at, order_id
LIMIT $limit
