// name: ring_list
// about: The rings of the case, worst first; of one tier where given.
// param: tier: text = null
// param: limit: integer = 100
// returns: ring: text
// returns: tier: text
// returns: scheme: text
// returns: score: number
// returns: members: integer
// returns: targets: integer
// returns: summary: text
// cost: a scan of the rings
MATCH (r:Ring {case_id: $case})
WHERE $tier IS NULL OR r.tier = $tier
RETURN r.id AS ring, r.tier AS tier, r.scheme AS scheme, r.score AS score, r.n_members AS members,
  r.n_targets AS targets, r.summary AS summary
ORDER BY score DESC, ring
LIMIT $limit
