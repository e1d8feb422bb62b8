-- One row per vault with a price point: what it holds at the last one, after its flows.
-- A settlement's price is of the assets before its flows; what holders own is after.
-- Amounts are in units of the asset.
-- grain: vault_id
-- stored where rows are few
with

vaults as (

    select * from staging.vaults

),

lasts as (

    select
        vault_id,
        observed_at,
        total_assets,
        block_number,
        source_rank
    from intermediate.price_points
    where next_at is null

),

settled as (

    select
        vault_id,
        sum(assets_raw::double order by log_position) as assets_raw
    from lasts
    inner join intermediate.flows using (vault_id)
    where block_at = observed_at
        and is_cash
        and source_rank in (
            intermediate.source_rank('lagoon_settlement'),
            intermediate.source_rank('lagoon_event')
        )
    group by vault_id

)

select
    vaults.vault_id,
    lasts.observed_at,
    lasts.block_number,
    lasts.total_assets + coalesce(settled.assets_raw, 0) / 10::double ^ asset_decimals
        as total_assets
from vaults
inner join lasts using (vault_id)
left join settled using (vault_id)
