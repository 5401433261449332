// name: account_sellers
// about: Which sellers an account deals with, and how often.
// param: buyer: text
// returns: seller: text
// returns: orders: integer
// returns: listings: integer
// returns: first_at: time
// returns: last_at: time
// cost: one account's orders
MATCH (b:Buyer {case_id: $case, id: $buyer})-[o:ORDERED]->(l:Listing)
WHERE o.seller_id IS NOT NULL
WITH o.seller_id AS seller, count(o) AS orders, count(DISTINCT l) AS listings, min(o.at) AS first_at, max(o.at) AS last_at
RETURN seller, orders, listings, first_at, last_at
ORDER BY orders DESC, seller
