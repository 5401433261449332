// name: busiest_addresses
// about: Addresses that many buyers use, with their kind: a locker or dormitory says little.
// param: min_buyers: integer = 3
// param: limit: integer = 50
// returns: address: text
// returns: kind: text
// returns: city: text
// returns: buyers: integer
// cost: a scan of the addresses
MATCH (t:Address {case_id: $case})
WITH t, COUNT { (t)<-[:USES]-(:Buyer) } AS buyers
WHERE buyers >= $min_buyers
RETURN t.id AS address, t.kind AS kind, t.city AS city, buyers
ORDER BY buyers DESC, address
LIMIT $limit
