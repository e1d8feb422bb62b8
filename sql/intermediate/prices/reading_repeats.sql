-- One row per moment at which a vault has several readings: whether they agree.
-- Prices that agree to 1e-9 do, and the last of them stands.
-- grain: vault_id, observed_at
-- stored
select
    vault_id,
    vault_number,
    observed_at,
    max(position) as last_position,
    max(share_price) - min(share_price) > 1e-9 * max(share_price) as is_conflict
from intermediate.price_candidates
semi join intermediate.multi_price_days using (vault_number, price_date)
where source_rank = intermediate.source_rank('reading')
group by vault_id, vault_number, observed_at
having count(*) > 1
