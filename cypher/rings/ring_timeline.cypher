// name: ring_timeline
// about: What a ring's members did at its targets, and the cards they redeemed, in order of time.
// param: ring: text
// param: limit: integer = 500
// returns: at: time
// returns: buyer: text
// returns: what: text
// returns: thing: text
// returns: id: text
// cost: one ring's members' events
MATCH (r:Ring {case_id: $case, id: $ring})<-[:MEMBER_OF]-(b:Buyer)
CALL (r, b) {
  MATCH (r)-[:TARGETS]->(l:Listing) MATCH (b)-[o:ORDERED]->(l)
  RETURN o.at AS at, 'ordered' AS what, l.id AS thing, o.order_id AS id
  UNION ALL
  MATCH (r)-[:TARGETS]->(l:Listing) MATCH (b)-[v:REVIEWED]->(l)
  RETURN v.at AS at, 'reviewed' AS what, l.id AS thing, v.review_id AS id
  UNION ALL
  MATCH (b)-[x:REDEEMED]->(g:GiftCard)
  RETURN x.at AS at, 'redeemed' AS what, g.id AS thing, x.redemption_id AS id
}
RETURN at, b.id AS buyer, what, thing, id
ORDER BY at, buyer, what, thing, id
LIMIT $limit
