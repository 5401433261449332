// name: refunded_orders_of_listing
// about: Orders of a listing that were refunded, and whether the money went to another instrument.
// param: listing: text
// returns: refunded_at: time
// returns: order_id: text
// returns: buyer: text
// returns: refund_amount: number
// returns: currency: text
// returns: other_instrument: boolean
// cost: one listing's orders
MATCH (l:Listing {case_id: $case, id: $listing})<-[o:ORDERED]-(b:Buyer)
WHERE o.refunded_at IS NOT NULL
RETURN o.refunded_at AS refunded_at, o.order_id AS order_id, b.id AS buyer, o.refund_amount AS refund_amount,
  o.currency AS currency, o.payment_id <> o.refund_payment_id AS other_instrument
ORDER BY refunded_at, order_id
