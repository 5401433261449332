// name: attribute_users
// about: Which accounts use one attribute, given by its kind (device, payment, address, phone, email, ip, bank) and id.
// param: kind: text
// param: id: text
// param: limit: integer = 500
// returns: account: text
// returns: account_kind: text
// returns: first_at: time
// returns: last_at: time
// returns: orders: integer
// cost: the users of one attribute
CALL () {
  MATCH (t:Device {case_id: $case, id: $id})<-[u:USES]-(n) WHERE $kind = 'device'
  RETURN n, u
  UNION ALL
  MATCH (t:PaymentInstrument {case_id: $case, id: $id})<-[u:USES]-(n) WHERE $kind = 'payment'
  RETURN n, u
  UNION ALL
  MATCH (t:Address {case_id: $case, id: $id})<-[u:USES]-(n) WHERE $kind = 'address'
  RETURN n, u
  UNION ALL
  MATCH (t:Phone {case_id: $case, id: $id})<-[u:USES]-(n) WHERE $kind = 'phone'
  RETURN n, u
  UNION ALL
  MATCH (t:Email {case_id: $case, id: $id})<-[u:USES]-(n) WHERE $kind = 'email'
  RETURN n, u
  UNION ALL
  MATCH (t:IpAddress {case_id: $case, id: $id})<-[u:USES]-(n) WHERE $kind = 'ip'
  RETURN n, u
  UNION ALL
  MATCH (t:BankAccount {case_id: $case, id: $id})<-[u:USES]-(n) WHERE $kind = 'bank'
  RETURN n, u
}
RETURN n.id AS account, labels(n)[0] AS account_kind, u.first_at AS first_at, u.last_at AS last_at, u.orders AS orders
ORDER BY account_kind, account
LIMIT $limit
