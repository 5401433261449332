// name: ring_targets
// about: The listings that a ring targets.
// param: ring: text
// returns: listing: text
// returns: listing_title: text
// returns: seller: text
// returns: members: integer
// returns: share: number
// returns: p: number
// returns: q: number
// cost: one ring's targets
MATCH (r:Ring {case_id: $case, id: $ring})-[t:TARGETS]->(l:Listing)
RETURN l.id AS listing, l.listing_title AS listing_title, l.seller_id AS seller, t.members AS members,
  t.share AS share, t.p AS p, t.q AS q
ORDER BY members DESC, listing
