// name: campaign_vouchers
// about: The vouchers of a campaign, who pays for them, and how many buyers used them.
// param: campaign: text
// returns: voucher: text
// returns: kind: text
// returns: funded_by: text
// returns: buyers: integer
// cost: one campaign's vouchers
MATCH (k:Campaign {case_id: $case, id: $campaign})<-[:PART_OF]-(v:Voucher)
OPTIONAL MATCH (v)<-[:CLAIMED]-(b:Buyer)
WITH v, count(DISTINCT b) AS buyers
RETURN v.id AS voucher, v.kind AS kind, v.funded_by AS funded_by, buyers
ORDER BY buyers DESC, voucher
