// name: ring_vouchers
// about: The vouchers that a ring's members used.
// param: ring: text
// returns: voucher: text
// returns: kind: text
// returns: funded_by: text
// returns: members: integer
// returns: times: integer
// cost: one ring's members' vouchers
MATCH (r:Ring {case_id: $case, id: $ring})<-[:MEMBER_OF]-(b:Buyer)-[c:CLAIMED]->(v:Voucher)
WITH v, count(DISTINCT b) AS members, count(c) AS times
RETURN v.id AS voucher, v.kind AS kind, v.funded_by AS funded_by, members, times
ORDER BY members DESC, voucher
