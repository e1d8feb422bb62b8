-- A mark with a negative price.
select
    vault_id,
    observed_at,
    share_price
from intermediate.marks
where not share_price >= 0
