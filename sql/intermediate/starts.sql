-- One row per vault with a price: the moment its record starts.
-- The first observation, or under a start rule the first with the least assets asked
-- for; a vault whose assets are never known starts with its first, whatever the rule.
-- grain: vault_id
-- stored
with

run as (

    select * from staging.run

),

totals as (

    select
        vault_number,
        min(observed_at) as first_at,
        min(observed_at) filter (where total_assets >= min_total_assets) as rule_at,
        count(total_assets) > 0 as has_assets,
        count(*) as readings_count
    from intermediate.price_observations
    cross join run
    group by vault_number

)

select
    vault_id,
    vault_number,
    readings_count,
    has_assets and min_total_assets is not null as has_start_rule,
    case when has_start_rule then rule_at else first_at end as started_at
from totals
inner join staging.vaults using (vault_number)
cross join run
