-- One row per vault and UTC day whose amounts must be searched for, and their day.
-- They are of a day on which a market may come twice, or, for as many days as facts
-- count, of the last day before that the files have of the vault.
-- grain: vault_number, fact_date
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

dates as (

    select
        vault_number,
        fact_date,
        is_sure,
        lead(fact_date) over (
            partition by vault_number order by fact_date
        ) as next_date
    from intermediate.allocation_sums

)

select
    vault_number,
    fact_date as told_date,
    unnest(
        range(
            fact_date + is_sure::integer,
            least(fact_date + fact_days, as_of, next_date - 1) + 1,
            interval 1 day
        )
    )::date as fact_date
from dates
cross join limits
where not is_sure or coalesce(next_date > fact_date + 1, true)
