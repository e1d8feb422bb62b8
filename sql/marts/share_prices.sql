-- One row per price point of a vault: inception, then the last price of each UTC day.
-- grain: vault_id, observed_at
-- view
-- units:
--   asset: total_assets
--   shares: total_supply
--   asset per share: share_price
--   block number: block_number
--   smallest unit of the asset: total_assets_raw
--   smallest unit of the share: total_supply_raw
-- columns:
--   vault_id: the vault's id in the config
--   observed_at: when the price was observed, UTC
--   price_date: the UTC day of the observation
--   share_price: price of one share, in units of the asset
--   total_assets: the vault's assets that the price is of; a settlement's are before
--     its flows
--   total_supply: the vault's shares that the price is of; null if not observed
--   total_assets_raw: total assets as the exact integer the source gave
--   total_supply_raw: total supply as the exact integer the source gave
--   block_number: block of the observation; null if not known
--   is_inception: whether the vault's record starts here
--   source: lagoon_settlement, lagoon_event, node_state, vault_status,
--     posted_rate, reading, erc4626_trade
--   is_inexact: whether the source wrote an amount as a decimal, a float or in USD
with

observations as (

    select * from intermediate.price_observations

)

select
    price_points.vault_id,
    price_points.observed_at,
    price_points.price_date,
    price_points.share_price,
    price_points.total_assets,
    observations.total_supply,
    observations.total_assets_raw::varchar as total_assets_raw,
    observations.total_supply_raw::varchar as total_supply_raw,
    price_points.block_number,
    price_points.is_inception,
    intermediate.source_name(price_points.source_rank) as source,
    observations.is_inexact
from intermediate.price_points
inner join observations using (vault_id, observed_at, source_rank)
