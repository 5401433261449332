// name: address_devices
// about: Devices behind one address: how many buyers each has there.
// param: address: text
// returns: device: text
// returns: buyers_here: integer
// returns: buyers_anywhere: integer
// cost: the users of one address
MATCH (a:Address {case_id: $case, id: $address})<-[:USES]-(b:Buyer)-[:USES]->(d:Device)
WITH d, count(DISTINCT b) AS buyers_here
RETURN d.id AS device, buyers_here, COUNT { (d)<-[:USES]-(:Buyer) } AS buyers_anywhere
ORDER BY buyers_here DESC, device
