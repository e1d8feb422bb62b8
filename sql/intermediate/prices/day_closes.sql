-- One row per price point among the prices of a busy day: its last, or the inception.
-- The most trusted source of the day decides; at one moment too.
-- grain: vault_number, observed_at
-- stored
with

observations as (

    select
        vault_number,
        observed_at,
        price_date,
        source_rank,
        -- among the prices that count: conflicting readings, and what lies before the
        -- start, must not silence the day's other sources
        min(source_rank) over (partition by vault_number, price_date) as best_rank,
        observed_at = started_at as is_inception
    from intermediate.price_observations
    inner join intermediate.multi_price_days using (vault_number, price_date)
    inner join intermediate.inceptions using (vault_number)
    where observed_at >= started_at

),

closes as (

    select *
    from observations
    where is_inception or source_rank = best_rank
    qualify is_inception or row_number() over (
        partition by vault_number, price_date, source_rank order by observed_at desc
    ) = 1

)

select
    vault_number,
    observed_at,
    min(source_rank) as source_rank
from closes
group by vault_number, observed_at
