// name: ring_evidence
// about: The statements that a ring rests on, with observed and expected counts and the rows behind them.
// param: ring: text
// returns: evidence: text
// returns: family: text
// returns: test: text
// returns: statement: text
// returns: observed: number
// returns: expected: number
// returns: p: number
// returns: q: number
// returns: rows: texts
// cost: one ring's evidence
MATCH (r:Ring {case_id: $case, id: $ring})-[:RESTS_ON]->(e:Evidence)
RETURN e.id AS evidence, e.family AS family, e.test AS test, e.statement AS statement, e.observed AS observed,
  e.expected AS expected, e.p AS p, e.q AS q, e.rows AS rows
ORDER BY family, evidence
