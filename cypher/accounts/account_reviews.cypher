// name: account_reviews
// about: What an account reviewed, with the days since it ordered the same listing.
// param: buyer: text
// returns: at: time
// returns: review: text
// returns: listing: text
// returns: rating: number
// returns: verified: boolean
// returns: days_after_order: integer
// cost: one account's reviews and orders
MATCH (b:Buyer {case_id: $case, id: $buyer})-[v:REVIEWED]->(l:Listing)
OPTIONAL MATCH (b)-[o:ORDERED]->(l) WHERE o.at <= v.at
WITH v, l, max(o.at) AS ordered_at
RETURN v.at AS at, v.review_id AS review, l.id AS listing, v.rating AS rating, v.verified AS verified,
  duration.inDays(ordered_at, v.at).days AS days_after_order
ORDER BY at, review
