// name: cards_of_batch
// about: The gift cards of one batch, and who redeemed them.
// param: batch: text
// param: limit: integer = 500
// returns: card: text
// returns: face_value: number
// returns: currency: text
// returns: buyer: text
// returns: redeemed_at: time
// cost: a scan of the gift cards
MATCH (g:GiftCard {case_id: $case})
WHERE g.batch_id = $batch
OPTIONAL MATCH (g)<-[x:REDEEMED]-(b:Buyer)
RETURN g.id AS card, g.face_value AS face_value, g.currency AS currency, b.id AS buyer, x.at AS redeemed_at
ORDER BY card, redeemed_at, buyer
LIMIT $limit
