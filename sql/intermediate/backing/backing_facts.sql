-- One row per vault and UTC day of which something is known: what is known of it.
-- A fact counts for its day and, where none follows, for as many days as facts count.
-- columns:
--   lost_assets, idle_assets, withdrawable_assets, withdrawable_at_least,
--     told_stuck_assets, utilisation: as intermediate.vault_facts
--   allocated_assets to worst_market_number: as intermediate.allocation_days
--   oldest_days: as intermediate.overdue_requests
--   paused: 1 where the vault itself is and 0 where it is not
--   claimed_assets: told with them, else the total assets last known by the day's end
-- grain: vault_id, fact_date
with

limits as (

    select * from intermediate.fact_limits

),

vaults as (

    select * from staging.vaults

),

spans as (

    select
        facts.*,
        least(
            fact_date + fact_days,
            as_of,
            lead(fact_date - 1) over (
                partition by vault_id, fact order by fact_date
            )
        ) as last_date
    from intermediate.vault_facts as facts
    cross join limits

),

whole as (

    select
        vault_id,
        unnest(range(fact_date, last_date + 1, interval 1 day))::date as fact_date,
        fact,
        amount,
        observed_at
    from spans

),

paused as (

    select
        vault_id,
        is_paused::integer as is_paused,
        told_at,
        unnest(
            range(
                make_timestamp(
                    epoch_us(if(is_paused, paused_since, told_at))
                )::date,
                least(make_timestamp(epoch_us(told_at))::date + fact_days, as_of) + 1,
                interval 1 day
            )
        )::date as fact_date
    from intermediate.pauses
    cross join limits
    where place = 'vault'

),

told as (

    select
        vault_id,
        fact_date,
        fact,
        amount,
        observed_at
    from whole
    union all
    select
        vault_id,
        fact_date,
        'oldest_days',
        oldest_days,
        null
    from intermediate.overdue_requests
    union all
    select
        vault_id,
        fact_date,
        'paused',
        is_paused,
        told_at
    from paused

),

pivoted as (

    select
        vaults.vault_number,
        fact_date,
        max(amount) filter (fact = 'lost_assets') as lost_assets,
        max(amount) filter (fact = 'idle_assets') as idle_assets,
        max(amount) filter (fact = 'withdrawable_assets') as withdrawable_assets,
        max(amount) filter (fact = 'withdrawable_at_least') as withdrawable_at_least,
        max(amount) filter (fact = 'utilisation') as utilisation,
        nullif(max(amount) filter (fact = 'stuck_assets'), 0) as told_stuck_assets,
        max(amount) filter (fact = 'total_assets') as total_assets,
        max(amount) filter (fact = 'oldest_days') as oldest_days,
        max(amount) filter (fact = 'paused') as paused,
        max(observed_at) as observed_at
    from told
    inner join vaults using (vault_id)
    group by vaults.vault_number, fact_date

),

days as (

    select
        *,
        greatest(observed_at, told_at) as known_at
    from pivoted
    full join intermediate.allocation_days using (vault_number, fact_date)

),

closes as (

    select
        vault_number,
        price_date,
        coalesce(make_timestamp(epoch_us(next_at))::date, as_of + 1) as next_date,
        total_assets
    from intermediate.price_sequences
    cross join limits
    where next_date > price_date

),

-- nearly all days have a price point of their own, so that to look for the one before
-- would take longer than to write down what few do not
claims as (

    select
        vault_number,
        price_date as fact_date,
        total_assets
    from closes
    union all
    select
        vault_number,
        unnest(range(price_date + 1, next_date, interval 1 day))::date,
        total_assets
    from closes
    where next_date > price_date + 1

)

select
    vaults.vault_id,
    days.fact_date,
    lost_assets,
    idle_assets,
    withdrawable_assets,
    withdrawable_at_least,
    utilisation,
    told_stuck_assets,
    allocated_assets,
    judged_assets,
    stuck_assets as market_stuck_assets,
    valued_assets as market_valued_assets,
    bad_debt,
    worst_utilisation,
    worst_market_number,
    oldest_days,
    paused,
    coalesce(days.total_assets, claims.total_assets) as claimed_assets,
    known_at as told_at
from days
inner join vaults using (vault_number)
left join claims
    on days.vault_number = claims.vault_number and days.fact_date = claims.fact_date
