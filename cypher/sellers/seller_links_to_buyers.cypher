// name: seller_links_to_buyers
// about: A seller's links to buyers besides trade: money, cards and shared attributes.
// param: seller: text
// param: most_users: integer = 50
// param: limit: integer = 200
// returns: buyer: text
// returns: way: text
// returns: times: integer
// cost: the users of one seller's attributes, its transfers and cards
MATCH (s:Seller {case_id: $case, id: $seller})
CALL (s) {
  MATCH (s)-[:FUNDED]->(b:Buyer) RETURN b.id AS buyer, 'paid money to' AS way
  UNION ALL
  MATCH (s)<-[:IS]-(:Purchaser)-[:BOUGHT]->(:GiftCard)<-[:REDEEMED]-(b:Buyer)
  RETURN b.id AS buyer, 'bought a card redeemed by' AS way
  UNION ALL
  MATCH (s)-[:USES]->(t)
  WITH t, COUNT { (t)<-[:USES]-() } AS users
  WHERE users <= $most_users
  MATCH (t)<-[:USES]-(b:Buyer) RETURN b.id AS buyer, 'shares ' + labels(t)[0] AS way
}
WITH buyer, way, count(*) AS times
RETURN buyer, way, times
ORDER BY buyer, way
LIMIT $limit
