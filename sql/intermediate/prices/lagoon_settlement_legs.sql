-- One row per Lagoon settlement leg: its totals, and whether the logs account for them.
-- A supply that differs from the sum of mints and burns so far shows missing logs.
-- grain: vault_id, log_position
-- stored
with

legs as (

    select
        vault_id,
        log_position,
        transaction_hash,
        event = 'SettleDeposit' as is_deposit,
        (arguments->>'totalAssets')::bignum as total_assets_raw,
        (arguments->>'totalSupply')::bignum as total_supply_raw
    from staging.events
    where event in ('SettleDeposit', 'SettleRedeem')

),

supply as (

    select * from intermediate.supply_changes

)

select
    legs.vault_id,
    legs.log_position,
    legs.transaction_hash,
    legs.is_deposit,
    legs.total_assets_raw,
    legs.total_supply_raw,
    legs.total_supply_raw
        is not distinct from supply.total_supply_raw as is_accounted_for
from legs
asof left join supply
    on legs.vault_id = supply.vault_id and legs.log_position >= supply.log_position
