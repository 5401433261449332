// name: seller_listings
// about: A seller's listings with orders and reviews.
// param: seller: text
// param: limit: integer = 200
// returns: listing: text
// returns: listing_title: text
// returns: category: text
// returns: price: number
// returns: currency: text
// returns: orders: integer
// returns: reviews: integer
// cost: one seller's listings
MATCH (s:Seller {case_id: $case, id: $seller})-[:SELLS]->(l:Listing)
RETURN l.id AS listing, l.listing_title AS listing_title, l.category_id AS category, l.price AS price,
  l.currency AS currency, COUNT { (l)<-[:ORDERED]-() } AS orders, COUNT { (l)<-[:REVIEWED]-() } AS reviews
ORDER BY orders DESC, listing
LIMIT $limit
