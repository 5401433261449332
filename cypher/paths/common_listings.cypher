// name: common_listings
// about: Listings that two accounts both ordered, and how many days lay between their nearest orders.
// param: left: text
// param: right: text
// returns: listing: text
// returns: buyers: integer
// returns: days_between: integer
// cost: two accounts' orders
MATCH (a:Buyer {case_id: $case, id: $left})-[o:ORDERED]->(l:Listing)<-[x:ORDERED]-(b:Buyer {case_id: $case, id: $right})
WHERE a.id <> b.id
WITH l, min(abs(duration.inDays(o.at, x.at).days)) AS days_between
RETURN l.id AS listing, COUNT { (l)<-[:ORDERED]-() } AS buyers, days_between
ORDER BY buyers, listing
