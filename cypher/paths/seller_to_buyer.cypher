// name: seller_to_buyer
// about: Every way in which a seller and a buyer touch besides trade: money, messages, cards, shared attributes.
// param: seller: text
// param: buyer: text
// returns: way: text
// returns: id: text
// returns: at: time
// cost: one buyer's neighbourhood
MATCH (s:Seller {case_id: $case, id: $seller})
MATCH (b:Buyer {case_id: $case, id: $buyer})
CALL (s, b) {
  MATCH (b)<-[f:FUNDED]-(s) RETURN 'paid money to' AS way, f.transfer_id AS id, f.at AS at
  UNION ALL
  MATCH (b)<-[m:MESSAGED]-(s) RETURN 'wrote to' AS way, m.message_id AS id, m.at AS at
  UNION ALL
  MATCH (b)-[x:REDEEMED]->(g:GiftCard)<-[:BOUGHT]-(p:Purchaser)-[:IS]->(s)
  RETURN 'bought a card redeemed by' AS way, g.id AS id, x.at AS at
  UNION ALL
  MATCH (b)-[u:USES]->(t)<-[:USES]-(s) RETURN 'shares ' + labels(t)[0] AS way, t.id AS id, u.first_at AS at
}
RETURN way, id, at
ORDER BY way, id, at
