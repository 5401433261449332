// name: account_overview
// about: How much an account does: its orders, reviews, cards, attributes and rings.
// param: buyer: text
// returns: buyer: text
// returns: country: text
// returns: created_at: time
// returns: orders: integer
// returns: reviews: integer
// returns: cards: integer
// returns: attributes: integer
// returns: links: integer
// returns: rings: integer
// cost: one account's neighbourhood
MATCH (b:Buyer {case_id: $case, id: $buyer})
RETURN b.id AS buyer, b.country AS country, b.created_at AS created_at,
  COUNT { (b)-[:ORDERED]->() } AS orders,
  COUNT { (b)-[:REVIEWED]->() } AS reviews,
  COUNT { (b)-[:REDEEMED]->() } AS cards,
  COUNT { (b)-[:USES]->() } AS attributes,
  COUNT { (b)-[:LINKED]-() } AS links,
  COUNT { (b)-[:MEMBER_OF]->() } AS rings
