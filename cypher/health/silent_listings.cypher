// name: silent_listings
// about: Listings with reviews but without a single order.
// param: limit: integer = 100
// returns: listing: text
// returns: seller: text
// returns: reviews: integer
// cost: a scan of the listings
MATCH (l:Listing {case_id: $case})
WHERE EXISTS { (l)<-[:REVIEWED]-() } AND NOT EXISTS { (l)<-[:ORDERED]-() }
RETURN l.id AS listing, l.seller_id AS seller, COUNT { (l)<-[:REVIEWED]-() } AS reviews
ORDER BY reviews DESC, listing
LIMIT $limit
