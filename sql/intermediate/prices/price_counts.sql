-- One row per vault with a price from any source: how many, on how many days.
-- What a vault without a busy day needs to know of its start is counted in the same
-- pass, because a pass over all prices takes long.
-- grain: vault_number
-- stored
with

run as (

    select * from staging.run

)

select
    vault_number,
    count(*) as prices_count,
    -- a bit per day, which is faster than grouping by days
    bit_count(bitstring_agg((price_date - date '2015-01-01') & 32_767, 0, 32_767))
        as days_count,
    min(observed_at) as first_at,
    min(observed_at) filter (where total_assets >= min_total_assets) as rule_at,
    count(total_assets) as assets_count
from intermediate.price_candidates
cross join run
group by vault_number
