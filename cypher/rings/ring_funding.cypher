// name: ring_funding
// about: Who paid money to a ring's members.
// param: ring: text
// returns: source: text
// returns: source_kind: text
// returns: members: integer
// returns: transfers: integer
// returns: first_at: time
// returns: last_at: time
// cost: one ring's members' transfers
MATCH (r:Ring {case_id: $case, id: $ring})<-[:MEMBER_OF]-(b:Buyer)
CALL (b) {
  MATCH (b)<-[f:FUNDED]-(s:Seller) RETURN s.id AS source, 'seller' AS source_kind, f.at AS at
  UNION ALL
  MATCH (b)<-[f:TRANSFERRED]-(p:Payer)
  RETURN p.id AS source, CASE WHEN EXISTS { (p)-[:IS]->(:Buyer) } THEN 'buyer' ELSE 'other' END AS source_kind,
    f.at AS at
}
WITH source, source_kind, count(DISTINCT b) AS members, count(at) AS transfers, min(at) AS first_at, max(at) AS last_at
RETURN source, source_kind, members, transfers, first_at, last_at
ORDER BY members DESC, source_kind, source
