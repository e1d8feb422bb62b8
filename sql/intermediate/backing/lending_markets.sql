-- One row per market or venue in which files say that a vault has something.
-- Numbered, because millions of amounts are joined and added up by them.
-- columns:
--   asset_symbol: the asset of a vault that has something in it
-- grain: chain_id, market
-- stored
select
    row_number() over (order by vaults.chain_id, allocations.market) as market_number,
    vaults.chain_id,
    allocations.market,
    min(vaults.asset_symbol) as asset_symbol
from staging.allocations as allocations
inner join staging.vaults as vaults using (vault_id)
group by vaults.chain_id, allocations.market
