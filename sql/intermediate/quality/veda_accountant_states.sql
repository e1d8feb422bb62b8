-- One row per reading of a Veda accountant's state: fees owed, bounds, delay and pause.
-- A version without a high-water mark has two words less, one of them before these.
-- position orders it after the logs of its block. Bounds are in basis points.
-- grain: vault_id, position
-- stored
with

states as (

    select
        vaults.vault_id,
        states.block_number,
        states.block_at,
        states.text::json as words,
        case json_array_length(words) when 12 then 1 when 10 then 0 end as extra
    from staging.states as states
    inner join staging.vaults as vaults using (chain_id, address)
    where states.field = 'accountant.accountantState' and states.status = 'ok'

)

select
    vault_id,
    block_number,
    block_at,
    (block_number + 1) * 1_000_000 - 1 as position,
    (words->>(1 + extra))::bignum as owed_raw,
    (words->>(4 + extra))::bigint as upper_bound,
    (words->>(5 + extra))::bigint as lower_bound,
    (words->>(7 + extra)) = '1' as is_paused,
    (words->>(8 + extra))::bigint as delay_seconds
from states
where extra is not null
