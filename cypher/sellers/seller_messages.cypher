// name: seller_messages
// about: When a seller wrote to which buyers; what was written stays in the case's tables.
// param: seller: text
// param: limit: integer = 200
// returns: at: time
// returns: buyer: text
// returns: message: text
// returns: order_id: text
// cost: one seller's messages
MATCH (s:Seller {case_id: $case, id: $seller})-[m:MESSAGED]->(b:Buyer)
RETURN m.at AS at, b.id AS buyer, m.message_id AS message, m.order_id AS order_id
ORDER BY at, message
LIMIT $limit
