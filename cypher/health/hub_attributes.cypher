// name: hub_attributes
// about: The attributes with most users of any kind: shared by people who never met, so weak as evidence.
// param: min_users: integer = 5
// param: limit: integer = 50
// returns: kind: text
// returns: attribute: text
// returns: users: integer
// cost: a scan of all attributes
CALL () {
  MATCH (t:Device {case_id: $case}) RETURN t
  UNION ALL
  MATCH (t:PaymentInstrument {case_id: $case}) RETURN t
  UNION ALL
  MATCH (t:Address {case_id: $case}) RETURN t
  UNION ALL
  MATCH (t:Phone {case_id: $case}) RETURN t
  UNION ALL
  MATCH (t:Email {case_id: $case}) RETURN t
  UNION ALL
  MATCH (t:IpAddress {case_id: $case}) RETURN t
  UNION ALL
  MATCH (t:BankAccount {case_id: $case}) RETURN t
}
WITH t, COUNT { (t)<-[:USES]-() } AS users
WHERE users >= $min_users
RETURN labels(t)[0] AS kind, t.id AS attribute, users
ORDER BY users DESC, kind, attribute
LIMIT $limit
