// name: account_memberships
// about: What is this account part of: its rings, in which role and why.
// param: buyer: text
// returns: ring: text
// returns: tier: text
// returns: scheme: text
// returns: role: text
// returns: score: number
// returns: reason: text
// cost: one account's rings
MATCH (b:Buyer {case_id: $case, id: $buyer})-[m:MEMBER_OF]->(r:Ring)
RETURN r.id AS ring, r.tier AS tier, r.scheme AS scheme, m.role AS role, m.score AS score, m.reason AS reason
ORDER BY score DESC, ring
