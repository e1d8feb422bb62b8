-- One row per vault, day and market or venue in which it had something.
-- The rows are the evidence of marts.backing: where the assets lie, and what comes out.
-- A fact counts for fact_days of marts.thresholds after its day.
-- grain: vault_id, day, market
-- units:
--   asset: assets
--   fraction: share_of_assets, utilisation, lost_part
-- columns:
--   vault_id: the vault's id in the config
--   day: the UTC day, of whose end the row is
--   market: the market or venue, as its files name it
--   collateral: the token against which the market lends, as it is told
--   assets: what the vault has there, in units of the asset; null where nothing
--     converts it
--   share_of_assets: assets / claimed_assets of marts.backing
--   utilisation: part of the market that is lent out; null: its state is not known
--   is_stuck: whether nothing comes out of it, since it is lent out in full; null: its
--     state is not known
--   lost_part: part of it that will not be paid, at least; null: not estimated
--   told_at: the last moment at which the vault's assets in it were told
select
    allocations.vault_id,
    fact_date as day,
    market,
    coalesce(collateral, '') as collateral,
    assets,
    assets / nullif(claimed_assets, 0) as share_of_assets,
    allocations.utilisation,
    allocations.utilisation >= full_utilisation as is_stuck,
    lost_part,
    observed_at as told_at
from intermediate.allocation_days as allocations
cross join intermediate.fact_limits
left join intermediate.backing_days as days
    on allocations.vault_id = days.vault_id and fact_date = day
order by allocations.vault_id, fact_date, market
