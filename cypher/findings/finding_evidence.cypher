// name: finding_evidence
// about: The statements that a finding rests on.
// param: finding: text
// returns: evidence: text
// returns: family: text
// returns: statement: text
// returns: observed: number
// returns: expected: number
// returns: rows: texts
// cost: one finding's evidence
MATCH (f:Finding {case_id: $case, id: $finding})-[:RESTS_ON]->(e:Evidence)
RETURN e.id AS evidence, e.family AS family, e.statement AS statement, e.observed AS observed,
  e.expected AS expected, e.rows AS rows
ORDER BY family, evidence
