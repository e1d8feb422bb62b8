-- One row per vault and reason for which it has no place in any ranking.
-- Each branch is one source of reasons; sql/seeds/ineligible_reasons.csv has the order
-- and the words of all. That a ratio has too few returns is of one period and one
-- ranking, and stands in marts.rankings.
-- grain: vault_id, ineligible_reason
-- stored
with

signals as (

    select * from intermediate.price_signals

),

ended as (

    select
        vault_id,
        if(last_price = 0, 'closed', 'stale') as ineligible_reason
    from intermediate.track_records
    cross join staging.run
    where last_price = 0 or until_at - last_at > interval 48 hours

)

select
    vault_id,
    verdict as ineligible_reason
from intermediate.backing_verdicts
inner join staging.run on backing_verdicts.day = run.as_of
where verdict in ('unbacked', 'impaired', 'illiquid')

union all

select
    vault_id,
    'implausible_growth' as ineligible_reason
from signals
where is_implausible

union all

select
    vault_id,
    'emptied'
from signals
where is_emptied

union all

select
    vault_id,
    'dust'
from signals
where is_dust

union all

select
    vault_id,
    ineligible_reason
from ended
