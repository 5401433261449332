// name: reviewers_same_card_value
// about: Reviewers of a listing who bound a gift card of one amount within so many days after the review.
// param: listing: text
// param: days: integer = 45
// returns: face_value: number
// returns: currency: text
// returns: reviewers: integer
// returns: buyers: texts
// returns: first_at: time
// returns: last_at: time
// cost: one listing's reviewers and their cards
MATCH (l:Listing {case_id: $case, id: $listing})<-[v:REVIEWED]-(b:Buyer)-[x:REDEEMED]->(g:GiftCard)
WHERE x.at >= v.at AND x.at <= v.at + duration({days: $days})
WITH DISTINCT g.face_value AS face_value, g.currency AS currency, b.id AS buyer, x.at AS at
ORDER BY face_value, currency, buyer, at
WITH face_value, currency, count(DISTINCT buyer) AS reviewers, collect(DISTINCT buyer) AS buyers, min(at) AS first_at,
  max(at) AS last_at
RETURN face_value, currency, reviewers, buyers, first_at, last_at
ORDER BY reviewers DESC, face_value, currency
