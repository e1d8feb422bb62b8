-- One row per vault and UTC day with several prices; only there can prices compete.
-- grain: vault_id, price_date
-- stored
select
    vault_id,
    price_date
from intermediate.price_candidates
group by vault_id, price_date
having count(*) > 1
