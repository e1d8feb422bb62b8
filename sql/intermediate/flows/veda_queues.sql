-- One row per contract in which shares of a Veda vault wait for their redemption.
-- grain: vault_id, account
-- stored
select
    vault_id,
    address as account
from staging.contracts
where family = 'veda_queue'
