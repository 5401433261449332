// name: account_timeline
// about: Everything an account did or was given, in order of time.
// param: buyer: text
// param: limit: integer = 500
// returns: at: time
// returns: what: text
// returns: thing: text
// returns: id: text
// cost: one account's events
MATCH (b:Buyer {case_id: $case, id: $buyer})
CALL (b) {
  MATCH (b)-[o:ORDERED]->(l:Listing) RETURN o.at AS at, 'ordered' AS what, l.id AS thing, o.order_id AS id
  UNION ALL
  MATCH (b)-[v:REVIEWED]->(l:Listing) RETURN v.at AS at, 'reviewed' AS what, l.id AS thing, v.review_id AS id
  UNION ALL
  MATCH (b)-[x:REDEEMED]->(g:GiftCard) RETURN x.at AS at, 'redeemed' AS what, g.id AS thing, x.redemption_id AS id
  UNION ALL
  MATCH (s:Seller)-[f:FUNDED]->(b) RETURN f.at AS at, 'was paid by seller' AS what, s.id AS thing, f.transfer_id AS id
  UNION ALL
  MATCH (p:Payer)-[f:TRANSFERRED]->(b) RETURN f.at AS at, 'was paid by' AS what, p.id AS thing, f.transfer_id AS id
}
RETURN at, what, thing, id
ORDER BY at, what, thing, id
LIMIT $limit
