// name: new_accounts_in_rings
// about: Members of rings whose account was made within so many days before their first order.
// param: days: integer = 7
// param: limit: integer = 200
// returns: buyer: text
// returns: ring: text
// returns: created_at: time
// returns: first_order_at: time
// cost: all members and their orders
MATCH (r:Ring {case_id: $case})<-[:MEMBER_OF]-(b:Buyer)-[o:ORDERED]->(:Listing)
WITH r, b, min(o.at) AS first_order_at
WHERE b.created_at <= first_order_at AND first_order_at < b.created_at + duration({days: $days})
RETURN b.id AS buyer, r.id AS ring, b.created_at AS created_at, first_order_at
ORDER BY ring, buyer
LIMIT $limit
