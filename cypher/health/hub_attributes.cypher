// name: hub_attributes
// about: The attributes with most users of any kind: shared by people who never met, so weak as evidence.
// param: min_users: integer = 5
// param: limit: integer = 50
// returns: kind: text
// returns: attribute: text
// returns: users: integer
// cost: a scan of all attributes
CALL () {
  MATCH (t:Device {case_id: $case})
  WITH t, COUNT { (t)<-[:USES]-() } AS users
  WHERE users >= $min_users
  RETURN 'Device' AS kind, t.id AS attribute, users
  UNION ALL
  MATCH (t:PaymentInstrument {case_id: $case})
  WITH t, COUNT { (t)<-[:USES]-() } AS users
  WHERE users >= $min_users
  RETURN 'PaymentInstrument' AS kind, t.id AS attribute, users
  UNION ALL
  MATCH (t:Address {case_id: $case})
  WITH t, COUNT { (t)<-[:USES]-() } AS users
  WHERE users >= $min_users
  RETURN 'Address' AS kind, t.id AS attribute, users
  UNION ALL
  MATCH (t:Phone {case_id: $case})
  WITH t, COUNT { (t)<-[:USES]-() } AS users
  WHERE users >= $min_users
  RETURN 'Phone' AS kind, t.id AS attribute, users
  UNION ALL
  MATCH (t:Email {case_id: $case})
  WITH t, COUNT { (t)<-[:USES]-() } AS users
  WHERE users >= $min_users
  RETURN 'Email' AS kind, t.id AS attribute, users
  UNION ALL
  MATCH (t:IpAddress {case_id: $case})
  WITH t, COUNT { (t)<-[:USES]-() } AS users
  WHERE users >= $min_users
  RETURN 'IpAddress' AS kind, t.id AS attribute, users
  UNION ALL
  MATCH (t:BankAccount {case_id: $case})
  WITH t, COUNT { (t)<-[:USES]-() } AS users
  WHERE users >= $min_users
  RETURN 'BankAccount' AS kind, t.id AS attribute, users
}
RETURN kind, attribute, users
ORDER BY users DESC, kind, attribute
LIMIT $limit
