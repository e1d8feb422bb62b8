-- One row per Veda vault: fees that its accountant owes and has not paid, as last read.
-- Whether the posted rate is net of them is up to who posts it.
-- grain: vault_id
with

-- the state has the fees third, or second without a high-water mark
states as (

    select
        vaults.vault_id,
        states.block_number,
        case json_array_length(states.text::json)
            when 12 then states.text::json->>2
            when 10 then states.text::json->>1
        end::bignum as owed_raw
    from staging.states as states
    inner join staging.vaults as vaults using (chain_id, address)
    where states.field = 'accountant.accountantState' and states.status = 'ok'

)

select
    vault_id,
    arg_max(owed_raw, block_number) as owed_raw
from states
where owed_raw is not null
group by vault_id
