// name: ring_overview
// about: One ring: tier, scheme, evidence families, money and what innocent explanations came to.
// param: ring: text
// returns: ring: text
// returns: tier: text
// returns: scheme: text
// returns: score: number
// returns: families: texts
// returns: members: integer
// returns: first_at: time
// returns: last_at: time
// returns: money: texts
// returns: explanations: texts
// returns: summary: text
// cost: one ring
MATCH (r:Ring {case_id: $case, id: $ring})
RETURN r.id AS ring, r.tier AS tier, r.scheme AS scheme, r.score AS score, r.families AS families,
  r.n_members AS members, r.first_at AS first_at, r.last_at AS last_at, r.money AS money,
  r.explanations AS explanations, r.summary AS summary
