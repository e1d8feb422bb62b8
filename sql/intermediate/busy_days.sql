-- One row per vault and UTC day with several prices; only there can prices compete.
-- grain: vault_number, price_date
-- stored
with

-- more prices than days; most vaults have a price a day, and counting their days by
-- a bit each is faster than grouping by them
busy_vaults as (

    select vault_number
    from intermediate.price_candidates
    group by vault_number
    having count(*) > bit_count(
        bitstring_agg((price_date - date '2015-01-01') & 32_767, 0, 32_767)
    )

)

select
    vault_number,
    price_date
from intermediate.price_candidates
semi join busy_vaults using (vault_number)
group by vault_number, price_date
having count(*) > 1
