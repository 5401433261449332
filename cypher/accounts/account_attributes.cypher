// name: account_attributes
// about: What an account uses, since when, and how many accounts use the same.
// param: buyer: text
// returns: kind: text
// returns: attribute: text
// returns: first_at: time
// returns: last_at: time
// returns: users: integer
// cost: one account's attributes
MATCH (b:Buyer {case_id: $case, id: $buyer})-[u:USES]->(t)
RETURN labels(t)[0] AS kind, t.id AS attribute, u.first_at AS first_at, u.last_at AS last_at,
  COUNT { (t)<-[:USES]-() } AS users
ORDER BY kind, attribute
