-- One row per vault and UTC day with several prices; only there can prices compete.
-- is_uneven: they differ by more than 0.5 %, so that one may be far off.
-- grain: vault_number, price_date
-- stored
with

busy_vaults as (

    select vault_number
    from intermediate.price_counts
    where prices_count > days_count

)

select
    vault_number,
    price_date,
    max(share_price) > 1.005 * min(share_price) as is_uneven
from intermediate.price_candidates
semi join busy_vaults using (vault_number)
group by vault_number, price_date
having count(*) > 1
