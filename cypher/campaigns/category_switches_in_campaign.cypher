// name: category_switches_in_campaign
// about: Listings that moved into a campaign's category at most so many days before it began.
// param: campaign: text
// param: days: integer = 7
// returns: listing: text
// returns: seller: text
// returns: moved_at: time
// returns: previous: text
// returns: left_at: time
// cost: one category's listings
MATCH (k:Campaign {case_id: $case, id: $campaign})
MATCH (c:Category {case_id: $case, id: k.category_id})<-[i:IN_CATEGORY]-(l:Listing)
WHERE i.from IS NOT NULL AND i.from + duration({days: $days}) >= k.starts_at AND i.from <= k.ends_at
RETURN l.id AS listing, l.seller_id AS seller, i.from AS moved_at, i.previous AS previous, i.to AS left_at
ORDER BY moved_at, listing
