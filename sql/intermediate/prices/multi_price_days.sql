-- One row per vault and UTC day with several prices; only there can prices compete.
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
    price_date
from intermediate.price_candidates
semi join busy_vaults using (vault_number)
group by vault_number, price_date
having count(*) > 1
