// name: category_history
// about: Which categories a listing lay in, from when to when.
// param: listing: text
// returns: category: text
// returns: from_at: time
// returns: to_at: time
// returns: previous: text
// cost: one listing
MATCH (l:Listing {case_id: $case, id: $listing})-[c:IN_CATEGORY]->(k:Category)
RETURN k.id AS category, c.from AS from_at, c.to AS to_at, c.previous AS previous
ORDER BY to_at, from_at, category
