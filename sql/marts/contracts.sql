-- One row per contract that a vault's figures need: what the archive holds of it.
-- grain: vault_id, contract, role, pool_id
-- units:
--   count: logs_seen, events, logs_not_decoded
--   block number: from_block, to_block
-- columns:
--   vault_id: the vault's id in the config
--   contract: its address, lower case
--   role: what it is to the vault
--   pool_id: the pool within a contract that holds many; else empty
--   family: what events it emits
--   name: its name in the config
--   is_shared: only logs that name one of the vault's accounts are kept
--   logs_seen: logs of the contract that the sources held, kept or not
--   events: decoded events of the contract that are the vault's, by the as-of date
--   logs_not_decoded: logs kept that are no event of the contract's family
--   from_block: first block of the contract's logs in the sources
--   to_block: last block of the contract's logs in the sources
--   is_covered: whether sources that hold all its logs reach over the vault's whole
--     life and to the as-of day, so that what they do not show did not happen
with

coverage as (

    select * from intermediate.contract_coverage

),

contracts as (

    select
        vault_id,
        address,
        role,
        pool_id,
        chain_id
    from staging.contracts

),

own_events as (

    select
        vault_id,
        count(*) as events
    from staging.events
    group by vault_id

),

other_events as (

    select
        vault_id,
        address,
        role,
        pool_id,
        count(*) as events
    from staging.contract_events
    group by all

),

undecoded as (

    select
        chain_id,
        address,
        count(*) as logs_not_decoded
    from staging.undecoded
    group by all

)

select
    coverage.vault_id,
    coverage.address as contract,
    coverage.role,
    coverage.pool_id,
    coverage.family,
    coverage.name,
    coverage.is_shared,
    coverage.logs as logs_seen,
    coalesce(
        case coverage.role when 'vault' then own_events.events end,
        other_events.events,
        0
    ) as events,
    coalesce(undecoded.logs_not_decoded, 0) as logs_not_decoded,
    coverage.from_block,
    coverage.to_block,
    coverage.is_covered
from coverage
inner join contracts using (vault_id, address, role, pool_id)
left join other_events using (vault_id, address, role, pool_id)
left join undecoded
    on contracts.chain_id = undecoded.chain_id
    and coverage.address = undecoded.address
left join own_events on coverage.vault_id = own_events.vault_id
