-- One row per VaultStatus of a vault of the Euler Vault Kit: whether its shares add up.
-- Fees accrue as shares that are nobody's and that no log tells; totalShares counts
-- them. The rest must be the sum of the mints and burns.
-- formula: is_accounted_for: totalShares - accumulatedFees = sum of mints - burns
-- grain: vault_id, log_position
with

statuses as (

    select
        vault_id,
        log_position,
        (arguments->>'totalShares')::bignum as total_supply_raw,
        (arguments->>'accumulatedFees')::bignum as accrued_raw
    from staging.events
    where event = 'VaultStatus'

),

supply as (

    select * from intermediate.supply_changes

)

select
    statuses.vault_id,
    statuses.log_position,
    statuses.total_supply_raw,
    statuses.accrued_raw,
    statuses.total_supply_raw - statuses.accrued_raw
        = coalesce(supply.total_supply_raw, 0::bignum) as is_accounted_for
from statuses
asof left join supply
    on statuses.vault_id = supply.vault_id
    and statuses.log_position >= supply.log_position
