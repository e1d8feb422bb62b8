-- A price point with a price, return or drawdown that cannot be.
select
    vault_number,
    observed_at,
    share_price,
    total_assets,
    simple_return,
    drawdown
from intermediate.price_returns
where not (
    share_price >= 0
    and isfinite(share_price)
    and isfinite(coalesce(total_assets, 0))
    and isfinite(coalesce(simple_return, 0))
    and drawdown between -1 and 0
)
