-- One row per moment at which a vault's total assets are known, after what moved then.
-- Of vaults whose assets are followed: those with contracts, or books of their own.
-- A Lagoon vault's are those of its own events: a valuation, what its settlement moved,
-- and deposits taken at once since. Of others, those observed with a mark.
-- grain: vault_id, observed_at
-- stored
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

totals as (

    select
        vault_id,
        log_position,
        block_at,
        (arguments->>'totalAssets')::bignum as total_raw,
        0::bignum as added_raw
    from staging.events
    where event in ('TotalAssetsUpdated', 'SettleDeposit', 'SettleRedeem')

),

additions as (

    select
        vault_id,
        log_position,
        block_at,
        null::bignum as total_raw,
        (arguments->>'assets')::bignum as added_raw
    from staging.events
    where event = 'DepositSync'

),

changes as (

    select * from totals
    union all
    select * from additions

),

numbered as (

    select
        *,
        max(case when total_raw is not null then log_position end) over (
            partition by vault_id order by log_position rows unbounded preceding
        ) as total_position
    from changes
    where block_at < (select until_at from run)

),

summed as (

    select
        vault_id,
        log_position,
        block_at,
        first_value(total_raw) over since_total
            + sum(added_raw) over since_total as total_raw
    from numbered
    where total_position is not null
    window since_total as (
        partition by vault_id, total_position order by log_position
        rows unbounded preceding
    )

),

lagoon as (

    select
        vault_id,
        block_at as observed_at,
        arg_max(total_raw, log_position)::double
            / any_value(10::double ^ asset_decimals) as total_assets
    from summed
    inner join vaults using (vault_id)
    where family = 'lagoon'
    group by vault_id, block_at

),

followed as (

    select vault_id from staging.contracts where role != 'vault'
    union
    select vault_id from vaults where family in ('yearn_v2', 'yearn_v3', 'morpho_v2')

),

-- the start rule decides what is measured, not what the vault held
observed as (

    select
        vault_id,
        observed_at,
        arg_min(total_assets, source_rank) as total_assets
    from intermediate.price_observations
    semi join followed using (vault_id)
    where total_assets is not null
        and vault_id not in (select vault_id from lagoon)
    group by vault_id, observed_at

)

select
    vault_id,
    observed_at,
    total_assets
from lagoon

union all

select
    vault_id,
    observed_at,
    total_assets
from observed
