-- One row per vault and UTC day with an overdue request: days that the oldest waited.
-- A request to redeem is overdue once it has waited for longer than it may: of a day at
-- whose end it has. One that still waits is followed to the end of what is known of the
-- vault's logs.
-- grain: vault_id, fact_date
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

requests as (

    select
        vault_id,
        make_timestamp(epoch_us(requested_at))::date as asked_date,
        make_timestamp(
            epoch_us(requested_at) + (waited_days * 86_400_000_000)::bigint
        )::date as paid_date,
        status,
        waited_days
    from intermediate.redemptions
    where status in ('settled', 'waiting')
        and waited_days > (select request_days from limits)

),

days as (

    select
        vault_id,
        asked_date,
        unnest(
            range(
                asked_date + request_days::integer,
                -- a day on which it was paid at last is not one of waiting
                least(paid_date + if(status = 'waiting', 1, 0), as_of + 1),
                interval 1 day
            )
        )::date as fact_date
    from requests
    cross join limits

)

select
    vault_id,
    fact_date,
    max(fact_date - asked_date) as oldest_days
from days
group by vault_id, fact_date
