// name: busiest_devices
// about: Devices that many buyers use.
// param: min_buyers: integer = 3
// param: limit: integer = 50
// returns: device: text
// returns: buyers: integer
// cost: a scan of the devices
MATCH (t:Device {case_id: $case})
WITH t, COUNT { (t)<-[:USES]-(:Buyer) } AS buyers
WHERE buyers >= $min_buyers
RETURN t.id AS device, buyers
ORDER BY buyers DESC, device
LIMIT $limit
