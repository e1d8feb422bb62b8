-- One row per vault with a price: the moment its record starts.
-- The first observation, or under a start rule the first with the least assets asked
-- for; a vault whose assets are never known starts with its first, whatever the rule.
-- grain: vault_id
-- stored
with

run as (

    select * from staging.run

),

busy_vaults as (

    select distinct vault_number
    from intermediate.multi_price_days

),

-- without a busy day no price competes with another, and every price is accepted
quiet as (

    select
        vault_number,
        first_at,
        rule_at,
        assets_count,
        prices_count
    from intermediate.price_counts
    anti join busy_vaults using (vault_number)

),

busy as (

    select
        vault_number,
        min(observed_at) as first_at,
        min(observed_at) filter (where total_assets >= min_total_assets) as rule_at,
        count(total_assets) as assets_count,
        count(*) as prices_count
    from intermediate.price_observations
    semi join busy_vaults using (vault_number)
    cross join run
    group by vault_number

),

totals as (

    select * from quiet
    union all
    select * from busy

)

select
    vault_id,
    vault_number,
    prices_count as readings_count,
    assets_count > 0 and min_total_assets is not null as has_start_rule,
    case when has_start_rule then rule_at else first_at end as started_at
from totals
inner join staging.vaults using (vault_number)
cross join run
