-- One row per vault and moment of a price per share: the most trusted source's.
-- Only vaults that a pool trades or whose holders ask to redeem need it.
-- grain: vault_id, observed_at
-- stored
with

wanted as (

    select vault_id from staging.contracts where role = 'pool'
    union
    select vault_id from staging.events where event = 'RedeemRequest'
    union
    select vault_id from intermediate.told_redemptions

)

select
    vault_id,
    observed_at,
    arg_min(share_price, source_rank) as share_price
from intermediate.price_observations
semi join wanted using (vault_id)
group by vault_id, observed_at
