// name: account_cards
// about: Which gift cards an account redeemed, who bought them, and the last review before each.
// param: buyer: text
// returns: at: time
// returns: card: text
// returns: face_value: number
// returns: currency: text
// returns: source: text
// returns: purchaser: text
// returns: last_review_at: time
// cost: one account's cards and reviews
MATCH (b:Buyer {case_id: $case, id: $buyer})-[x:REDEEMED]->(g:GiftCard)
OPTIONAL MATCH (b)-[v:REVIEWED]->(:Listing) WHERE v.at <= x.at
WITH x, g, max(v.at) AS last_review_at
RETURN x.at AS at, g.id AS card, g.face_value AS face_value, g.currency AS currency, g.source AS source,
  g.purchaser_id AS purchaser, last_review_at
ORDER BY at, card
