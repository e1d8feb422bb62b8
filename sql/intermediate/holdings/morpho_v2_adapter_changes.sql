-- One row per event by which a Morpho V2 vault's books of an adapter change.
-- Amounts are exact, in raw units of the asset: what the adapter holds after the event,
-- what the vault gave it (or took: direction -1), and by how much its books changed.
-- grain: vault_id, log_position
with

vaults as (

    select vault_id
    from staging.vaults
    inner join staging.families using (family)
    where allocation_source = 'adapter_changes'

),

events as (

    select *
    from staging.events
    semi join vaults using (vault_id)
    where event in ('Allocate', 'Deallocate')
        and block_at < (select until_at from staging.run)

)

select
    vault_id,
    log_position,
    block_at,
    arguments->>'adapter' as adapter,
    sum((arguments->>'change')::bignum) over (
        partition by vault_id, arguments->>'adapter' order by log_position
    ) as value_raw,
    if(event = 'Allocate', 1, -1) as direction,
    (arguments->>'assets')::bignum as assets_raw,
    (arguments->>'change')::bignum as change_raw
from events
