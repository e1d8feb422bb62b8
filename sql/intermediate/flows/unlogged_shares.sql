-- One row per vault whose contract counts other shares than its transfers add up to.
-- formula: total supply at the last block that was read - mints + burns up to then
-- Fees that have accrued and are nobody's yet, or, negative, locked profit that has
-- been unlocked and is not burned yet. Logs are missing instead (is_missing) of a vault
-- whose supply is all in its logs, unless a node proved that none is missing.
-- grain: vault_id
-- stored
with

vaults as (

    select
        vault_id,
        is_supply_in_logs
    from staging.vaults
    inner join staging.families using (family)

),

proved as (

    select
        vault_id,
        true as is_proved
    from intermediate.proved_histories

),

supply as (

    select * from intermediate.supply_changes

),

logged as (

    select distinct vault_id from supply

),

states as (

    select
        vault_id,
        max(block_number) as block_number,
        arg_max(total_supply_raw, block_number) as state_raw
    from intermediate.state_prices
    semi join logged using (vault_id)
    where total_supply_raw is not null
    group by vault_id

),

ends as (

    select
        *,
        block_number * 1_000_000 + 999_999 as log_position
    from states

),

compared as (

    select
        ends.vault_id,
        state_raw - coalesce(total_supply_raw, 0::bignum) as shares_raw
    from ends
    asof left join supply
        on ends.vault_id = supply.vault_id
        and ends.log_position >= supply.log_position

)

select
    vault_id,
    shares_raw,
    is_supply_in_logs and is_proved is null as is_missing
from compared
inner join vaults using (vault_id)
left join proved using (vault_id)
where shares_raw != 0::bignum
