// name: reviews_without_order
// about: Reviews of a listing by accounts that never ordered it.
// param: listing: text
// returns: at: time
// returns: review: text
// returns: buyer: text
// returns: rating: number
// cost: one listing's reviews
MATCH (l:Listing {case_id: $case, id: $listing})<-[v:REVIEWED]-(b:Buyer)
WHERE NOT EXISTS { (b)-[:ORDERED]->(l) }
RETURN v.at AS at, v.review_id AS review, b.id AS buyer, v.rating AS rating
ORDER BY at, review
