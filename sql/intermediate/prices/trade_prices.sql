-- One row per deposit or withdrawal of a vault that only these price: at what price.
-- The lower-quality series: rounded to the asset's smallest unit, biased by entry and
-- exit fees, silent between trades. Amounts under a million raw units price nothing.
-- grain: vault_id, log_position
with

vaults as (

    select *
    from staging.vaults
    inner join staging.families using (family)
    where log_price_source = 'trades'

),

trades as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        file_id,
        (arguments->>'assets')::bignum as price_assets_raw,
        (arguments->>'shares')::bignum as price_supply_raw
    from staging.events
    where event in ('Deposit', 'Withdraw')

)

select
    trades.vault_id,
    trades.log_position,
    trades.block_number,
    trades.block_at,
    trades.file_id,
    trades.price_assets_raw,
    trades.price_supply_raw
from trades
inner join vaults using (vault_id)
where price_assets_raw::double >= 1e6 and price_supply_raw::double >= 1e6
