// name: hub_listings
// about: The listings with most orders: hubs, which join buyers who have nothing to do with each other.
// param: limit: integer = 20
// returns: listing: text
// returns: listing_title: text
// returns: seller: text
// returns: orders: integer
// cost: a scan of the listings
MATCH (l:Listing {case_id: $case})
WITH l, COUNT { (l)<-[:ORDERED]-() } AS orders
RETURN l.id AS listing, l.listing_title AS listing_title, l.seller_id AS seller, orders
ORDER BY orders DESC, listing
LIMIT $limit
