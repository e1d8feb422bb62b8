-- One row per vault of which the config says whether it redeems at once.
-- grain: vault_id
select
    vault_id,
    is_synchronous
from raw.synchronous
