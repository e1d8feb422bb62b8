-- A vault or contract of a family of which nothing is known.
select
    vault_id,
    family
from staging.vaults
anti join staging.families using (family)

union all

select
    vault_id,
    family
from staging.contracts
anti join staging.families using (family)
