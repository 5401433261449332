// name: voucher_users
// about: Who used a voucher, and how often.
// param: voucher: text
// param: limit: integer = 200
// returns: buyer: text
// returns: times: integer
// returns: first_at: time
// returns: last_at: time
// cost: one voucher's orders
MATCH (v:Voucher {case_id: $case, id: $voucher})<-[c:CLAIMED]-(b:Buyer)
WITH b, count(c) AS times, min(c.at) AS first_at, max(c.at) AS last_at
RETURN b.id AS buyer, times, first_at, last_at
ORDER BY times DESC, buyer
LIMIT $limit
