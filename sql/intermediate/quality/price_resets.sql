-- One row per time all shares of a vault were redeemed and it was opened again.
-- Its price begins anew: the step from the last price point to the first after is in
-- the figures, though no holder gained or lost by it.
-- grain: vault_id, emptied_at
select
    price_points.vault_id,
    emptied_at,
    arg_max(share_price, observed_at) filter (where observed_at <= emptied_at)
        as price_before,
    min(observed_at) filter (where observed_at > emptied_at) as reset_at,
    arg_min(share_price, observed_at) filter (where observed_at > emptied_at)
        as price_after
from intermediate.price_points
inner join intermediate.emptyings using (vault_id)
group by all
having price_before is not null and price_after is not null
