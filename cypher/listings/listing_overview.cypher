// name: listing_overview
// about: A listing in figures: orders, buyers, reviews, their mean rating, and rings that target it.
// param: listing: text
// returns: listing: text
// returns: listing_title: text
// returns: seller: text
// returns: category: text
// returns: orders: integer
// returns: buyers: integer
// returns: reviews: integer
// returns: mean_rating: number
// returns: rings: integer
// cost: one listing's orders and reviews
MATCH (l:Listing {case_id: $case, id: $listing})
OPTIONAL MATCH (l)<-[o:ORDERED]-(b:Buyer)
WITH l, count(o) AS orders, count(DISTINCT b) AS buyers
OPTIONAL MATCH (l)<-[v:REVIEWED]-(:Buyer)
WITH l, orders, buyers, count(v) AS reviews, avg(v.rating) AS mean_rating
RETURN l.id AS listing, l.listing_title AS listing_title, l.seller_id AS seller, l.category_id AS category, orders,
  buyers, reviews, mean_rating, COUNT { (l)<-[:TARGETS]-() } AS rings
