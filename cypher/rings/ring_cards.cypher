// name: ring_cards
// about: The gift cards that a ring's members redeemed, by purchaser and face value.
// param: ring: text
// returns: purchaser: text
// returns: face_value: number
// returns: currency: text
// returns: members: integer
// returns: cards: integer
// returns: first_at: time
// returns: last_at: time
// cost: one ring's members' cards
MATCH (r:Ring {case_id: $case, id: $ring})<-[:MEMBER_OF]-(b:Buyer)-[x:REDEEMED]->(g:GiftCard)
WITH g.purchaser_id AS purchaser, g.face_value AS face_value, g.currency AS currency, count(DISTINCT b) AS members,
  count(DISTINCT g) AS cards, min(x.at) AS first_at, max(x.at) AS last_at
RETURN purchaser, face_value, currency, members, cards, first_at, last_at
ORDER BY members DESC, purchaser, face_value, currency
