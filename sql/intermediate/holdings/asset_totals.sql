-- One row per moment at which a vault's total assets are known, after what moved then.
-- Of vaults whose assets are followed: those with contracts, or events of their own
-- that show where assets are. Lagoon's events state the total; of others it is what was
-- observed with a price.
-- grain: vault_id, observed_at
-- stored
with

lagoon as (

    select * from intermediate.lagoon_asset_totals

),

followed as (

    (
        select vault_id from staging.contracts where role != 'vault'
        union
        select vault_id
        from staging.vaults
        inner join staging.families using (family)
        where allocation_source is not null
    )
    except
    select vault_id from lagoon

),

-- the start rule decides what is measured, not what the vault held
observed as (

    select
        vault_id,
        observed_at,
        arg_min(total_assets, source_rank) as total_assets
    from intermediate.price_observations
    semi join followed using (vault_id)
    where total_assets is not null
    group by vault_id, observed_at

)

select
    vault_id,
    observed_at,
    total_assets
from lagoon

union all

select
    vault_id,
    observed_at,
    total_assets
from observed
