-- One row per vault with transfers or flows and moment of a price: the most trusted.
-- grain: vault_id, observed_at
-- stored
with

flow_vaults as (

    select vault_id from intermediate.share_transfers
    union
    select vault_id from intermediate.flows

)

select
    vault_id,
    observed_at,
    arg_min(share_price, source_rank) as share_price,
    arg_min(total_assets, source_rank) as total_assets
from intermediate.price_observations
semi join flow_vaults using (vault_id)
group by vault_id, observed_at
