// name: busiest_payment_instruments
// about: Payment instruments that many buyers use, with their kind.
// param: min_buyers: integer = 3
// param: limit: integer = 50
// returns: payment: text
// returns: kind: text
// returns: buyers: integer
// cost: a scan of the payment instruments
MATCH (t:PaymentInstrument {case_id: $case})
WITH t, COUNT { (t)<-[:USES]-(:Buyer) } AS buyers
WHERE buyers >= $min_buyers
RETURN t.id AS payment, t.kind AS kind, buyers
ORDER BY buyers DESC, payment
LIMIT $limit
