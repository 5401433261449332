// name: first_reviews
// about: The first reviews of a listing, and whether their writers ordered it.
// param: listing: text
// param: limit: integer = 20
// returns: at: time
// returns: review: text
// returns: buyer: text
// returns: rating: number
// returns: ordered: boolean
// cost: one listing's reviews
MATCH (l:Listing {case_id: $case, id: $listing})<-[v:REVIEWED]-(b:Buyer)
RETURN v.at AS at, v.review_id AS review, b.id AS buyer, v.rating AS rating, EXISTS { (b)-[:ORDERED]->(l) } AS ordered
ORDER BY at, review
LIMIT $limit
