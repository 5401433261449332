// name: campaign_orders
// about: The orders of a campaign, in order of time.
// param: campaign: text
// param: limit: integer = 500
// returns: at: time
// returns: order_id: text
// returns: buyer: text
// returns: listing: text
// returns: subsidy: number
// returns: currency: text
// cost: one campaign's orders
MATCH (k:Campaign {case_id: $case, id: $campaign})<-[j:JOINED]-(b:Buyer)
RETURN j.at AS at, j.order_id AS order_id, b.id AS buyer, j.listing_id AS listing, j.subsidy AS subsidy,
  j.currency AS currency
ORDER BY at, order_id
LIMIT $limit
