-- One row per vault with a price: the moment its record starts.
-- The first observation, or under a start rule the first with the least assets asked
-- for; a vault whose assets are never known starts with its first, whatever the rule.
-- grain: vault_id
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

observations as (

    select * from intermediate.price_observations

)

select
    observations.vault_id,
    min(observed_at) as first_observed_at,
    run.min_total_assets is not null
        and count(total_assets_raw) > 0 as has_start_rule,
    case
        when has_start_rule then min(observed_at) filter (
            where total_assets_raw::double / 10::double ^ asset_decimals
                >= run.min_total_assets
        )
        else min(observed_at)
    end as started_at
from observations
inner join vaults using (vault_id)
cross join run
group by observations.vault_id, run.min_total_assets
