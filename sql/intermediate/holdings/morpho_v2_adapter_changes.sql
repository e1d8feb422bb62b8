-- One row per event by which a Morpho V2 vault's books of an adapter change.
-- Amounts are exact, in raw units of the asset: what the adapter holds for the vault
-- after the event, what the vault gave it (negative: took), what it gained. One that
-- was removed is not counted any more, whatever it has, until it is added again.
-- grain: vault_id, log_position
with

vaults as (

    select vault_id
    from staging.vaults
    inner join staging.families using (family)
    where allocation_source = 'adapter_changes'

),

events as (

    select
        *,
        coalesce(arguments->>'adapter', arguments->>'account') as adapter
    from staging.events
    semi join vaults using (vault_id)
    where event in ('Allocate', 'Deallocate', 'AddAdapter', 'RemoveAdapter')
        and block_at < (select until_at from staging.run)

),

summed as (

    select
        *,
        sum(coalesce((arguments->>'change')::bignum, 0::bignum)) over (
            partition by vault_id, adapter order by log_position
        ) as books_raw,
        count(*) filter (event in ('Allocate', 'Deallocate')) over (
            partition by vault_id, adapter order by log_position
        ) > 0 as was_used
    from events

),

valued as (

    select
        *,
        case event when 'RemoveAdapter' then 0::bignum else books_raw end as value_raw,
        case event
            when 'Allocate' then (arguments->>'assets')::bignum
            when 'Deallocate' then 0::bignum - (arguments->>'assets')::bignum
            else 0::bignum
        end as moved_raw
    from summed
    where was_used

)

select
    vault_id,
    log_position,
    block_at,
    adapter,
    event = 'RemoveAdapter' as is_removed,
    value_raw,
    moved_raw,
    value_raw - moved_raw - lag(value_raw, 1, 0::bignum) over (
        partition by vault_id, adapter order by log_position
    ) as gain_raw
from valued
