// name: rings_of_listing
// about: Rings that target a listing, and the share of its orders that is theirs.
// param: listing: text
// returns: ring: text
// returns: tier: text
// returns: scheme: text
// returns: members: integer
// returns: share: number
// returns: p: number
// returns: q: number
// cost: one listing's rings
MATCH (l:Listing {case_id: $case, id: $listing})<-[t:TARGETS]-(r:Ring)
RETURN r.id AS ring, r.tier AS tier, r.scheme AS scheme, t.members AS members, t.share AS share, t.p AS p, t.q AS q
ORDER BY members DESC, ring
