// name: card_history
// about: One gift card: who bought it, with what it was paid, who redeemed it.
// param: card: text
// returns: card: text
// returns: face_value: number
// returns: currency: text
// returns: source: text
// returns: purchaser: text
// returns: payment: text
// returns: batch: text
// returns: buyer: text
// returns: redeemed_at: time
// cost: one card
MATCH (g:GiftCard {case_id: $case, id: $card})
OPTIONAL MATCH (g)<-[x:REDEEMED]-(b:Buyer)
RETURN g.id AS card, g.face_value AS face_value, g.currency AS currency, g.source AS source,
  g.purchaser_id AS purchaser, g.purchase_payment_id AS payment, g.batch_id AS batch, b.id AS buyer, x.at AS redeemed_at
ORDER BY redeemed_at, buyer
