-- One row per vault, UTC day and figure of what stands behind its price.
-- A fact counts for its day and, where none follows, for as many days as facts count.
-- Sums over markets are of those whose state is known.
-- columns:
--   fact: lost_assets, idle_assets, withdrawable_assets, withdrawable_at_least,
--     total_assets, stuck_assets, utilisation of intermediate.vault_facts;
--     allocated_assets, of which judged_assets lie in markets of known utilisation;
--     market_stuck_assets, market_valued_assets, bad_debt, market_utilisation with the
--     market as detail; oldest_days of intermediate.overdue_requests; paused, 1 where
--     the vault itself is and 0 where it is not; claimed_assets, the last known
-- grain: vault_id, fact_date, fact
-- stored
with

limits as (

    select * from intermediate.fact_limits

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
        null::varchar as detail,
        observed_at
    from spans

),

sums as (

    select
        vault_id,
        fact_date,
        max(observed_at) as observed_at,
        sum(assets order by market) as allocated_assets,
        sum(assets order by market) filter (
            utilisation is not null
        ) as judged_assets,
        sum(assets order by market) filter (
            utilisation >= full_utilisation
        ) as stuck_assets,
        sum(
            assets * case
                when lost_part is not null then 1
                else greatest(1 - utilisation, 0)
            end
            order by market
        ) as valued_assets,
        sum(assets * lost_part order by market) as bad_debt,
        max(utilisation) filter (assets > 0) as utilisation,
        arg_max(market, (utilisation, market)) filter (
            assets > 0 and utilisation is not null
        ) as market
    from intermediate.allocation_days
    cross join limits
    group by vault_id, fact_date

),

parts as (

    select
        vault_id,
        fact_date,
        observed_at,
        unnest([
            'allocated_assets', 'judged_assets', 'market_stuck_assets',
            'market_valued_assets', 'bad_debt', 'market_utilisation'
        ]) as fact,
        unnest([
            allocated_assets, judged_assets,
            case when judged_assets is not null then coalesce(stuck_assets, 0) end,
            valued_assets, bad_debt, utilisation
        ]) as amount,
        unnest([null, null, null, null, null, market]) as detail
    from sums

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
        detail,
        observed_at
    from whole
    union all
    select
        vault_id,
        fact_date,
        fact,
        amount,
        detail,
        observed_at
    from parts
    where amount is not null
    union all
    select
        vault_id,
        fact_date,
        'oldest_days',
        oldest_days,
        null,
        null
    from intermediate.overdue_requests
    union all
    select
        vault_id,
        fact_date,
        'paused',
        is_paused,
        null,
        told_at
    from paused

),

days as (

    select
        vault_id,
        fact_date,
        timezone('UTC', (fact_date + 1)::timestamp) as until_at
    from told
    group by vault_id, fact_date

),

claims as (

    select
        days.vault_id,
        days.fact_date,
        points.total_assets
    from days
    asof inner join intermediate.price_points as points
        on days.vault_id = points.vault_id and days.until_at > points.observed_at

)

select
    vault_id,
    fact_date,
    fact,
    amount,
    detail,
    observed_at
from told

union all

select
    vault_id,
    fact_date,
    'claimed_assets',
    total_assets,
    null,
    null
from claims
where total_assets is not null
