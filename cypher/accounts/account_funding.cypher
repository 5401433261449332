// name: account_funding
// about: Who paid money to an account: sellers, and others with whether they are accounts here.
// param: buyer: text
// returns: at: time
// returns: source: text
// returns: source_kind: text
// returns: amount: number
// returns: currency: text
// returns: transfer: text
// cost: one account's transfers
MATCH (b:Buyer {case_id: $case, id: $buyer})
CALL (b) {
  MATCH (s:Seller)-[f:FUNDED]->(b)
  RETURN f.at AS at, s.id AS source, 'seller' AS source_kind, f.amount AS amount, f.currency AS currency,
    f.transfer_id AS transfer
  UNION ALL
  MATCH (p:Payer)-[f:TRANSFERRED]->(b)
  RETURN f.at AS at, p.id AS source, CASE WHEN EXISTS { (p)-[:IS]->(:Buyer) } THEN 'buyer' ELSE 'other' END
    AS source_kind, f.amount AS amount, f.currency AS currency, f.transfer_id AS transfer
}
RETURN at, source, source_kind, amount, currency, transfer
ORDER BY at, transfer
