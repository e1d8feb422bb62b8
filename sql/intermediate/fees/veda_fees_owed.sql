-- One row per Veda vault: fees that its accountant owes and has not paid, as last read.
-- Whether the posted rate is net of them is up to who posts it.
-- grain: vault_id
select
    vault_id,
    arg_max(owed_raw, block_number) as owed_raw
from intermediate.veda_accountant_states
where owed_raw is not null
group by vault_id
