-- One row per vault whose holders are told to have other shares than were ever moved.
-- What flows and requests give them all, with what is nobody's, is the sum of balances
-- where settlements have events. Where they have none, or the vault holds shares of its
-- own, it may be less, and never more. The difference is that of logs that are missing.
-- grain: vault_id
with

vaults as (

    select
        vault_id,
        share_decimals,
        flow_source
    from staging.vaults
    inner join staging.families using (family)

),

balances as (

    select
        vault_id,
        sum(balance_raw)::double as balance_raw
    from intermediate.holder_balances
    group by vault_id

),

positions as (

    select
        vault_id,
        sum(shares) as shares,
        sum(moved_shares) as moved_shares
    from intermediate.holder_positions
    group by vault_id

),

compared as (

    select
        positions.vault_id,
        shares - balance_raw / 10::double ^ share_decimals as excess,
        1e-9 * moved_shares as noise,
        flow_source
    from positions
    inner join balances using (vault_id)
    inner join vaults using (vault_id)

)

select
    vault_id,
    excess
from compared
where excess > noise or (flow_source = 'settlements' and excess < -noise)
