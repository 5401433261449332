// name: evidence_about
// about: Every statement that is about one listing, of rings and findings alike.
// param: listing: text
// returns: evidence: text
// returns: family: text
// returns: of: text
// returns: statement: text
// cost: one listing's evidence
MATCH (l:Listing {case_id: $case, id: $listing})<-[:CONCERNS]-(e:Evidence)<-[:RESTS_ON]-(w)
RETURN e.id AS evidence, e.family AS family, w.id AS of, e.statement AS statement
ORDER BY family, evidence, of
