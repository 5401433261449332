// name: cards_paid_by
// about: Gift cards that were paid with one payment instrument, and who redeemed them.
// param: payment: text
// returns: card: text
// returns: face_value: number
// returns: currency: text
// returns: buyer: text
// returns: redeemed_at: time
// returns: buyer_uses_it: boolean
// cost: one payment instrument's cards
MATCH (t:PaymentInstrument {case_id: $case, id: $payment})-[:PAID_FOR]->(g:GiftCard)<-[x:REDEEMED]-(b:Buyer)
RETURN g.id AS card, g.face_value AS face_value, g.currency AS currency, b.id AS buyer, x.at AS redeemed_at,
  EXISTS { (b)-[:USES]->(t) } AS buyer_uses_it
ORDER BY redeemed_at, card, buyer
