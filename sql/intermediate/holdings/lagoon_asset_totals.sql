-- One row per moment at which a Lagoon vault's own events state its total assets.
-- They are those of a valuation, of what its settlement moved, and with the deposits
-- taken at once since.
-- grain: vault_id, observed_at
with

vaults as (

    select * from staging.vaults where family = 'lagoon'

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

)

select
    vault_id,
    block_at as observed_at,
    arg_max(total_raw, log_position)::double
        / any_value(10::double ^ asset_decimals) as total_assets
from summed
inner join vaults using (vault_id)
group by vault_id, block_at
