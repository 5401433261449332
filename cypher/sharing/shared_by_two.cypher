// name: shared_by_two
// about: What two accounts have in common: attributes, listings, and purchasers of their gift cards.
// param: left: text
// param: right: text
// returns: what: text
// returns: id: text
// returns: users: integer
// cost: the neighbourhoods of two accounts
MATCH (a:Buyer {case_id: $case, id: $left})
MATCH (b:Buyer {case_id: $case, id: $right})
CALL (a, b) {
  MATCH (a)-[:USES]->(t)<-[:USES]-(b)
  RETURN DISTINCT labels(t)[0] AS what, t.id AS id, COUNT { (t)<-[:USES]-() } AS users
  UNION ALL
  MATCH (a)-[:ORDERED]->(l:Listing)<-[:ORDERED]-(b)
  RETURN DISTINCT 'Listing ordered' AS what, l.id AS id, COUNT { (l)<-[:ORDERED]-() } AS users
  UNION ALL
  MATCH (a)-[:REVIEWED]->(l:Listing)<-[:REVIEWED]-(b)
  RETURN DISTINCT 'Listing reviewed' AS what, l.id AS id, COUNT { (l)<-[:REVIEWED]-() } AS users
  UNION ALL
  MATCH (a)-[:REDEEMED]->(:GiftCard)<-[:BOUGHT]-(p:Purchaser)-[:BOUGHT]->(:GiftCard)<-[:REDEEMED]-(b)
  RETURN DISTINCT 'Purchaser' AS what, p.id AS id, COUNT { (p)-[:BOUGHT]->() } AS users
}
RETURN what, id, users
ORDER BY what, id
