-- One row per contract of a vault: what the archives and nodes hold of its logs.
-- The vault's life is from its own first event to its last. is_covered: sources that
-- hold every log of the contract reach over all of it without a gap, so that what they
-- do not show did not happen.
-- grain: vault_id, address, role, pool_id
-- stored
with

contracts as (

    select * from staging.contracts

),

lives as (

    select
        vault_id,
        min(block_number) as first_block,
        max(block_number) as last_block
    from staging.events
    group by vault_id

),

-- the files of an archive are complete together
sources as (

    select
        chain_id,
        address,
        archive,
        case when file_id = 0 then from_block end as node_block,
        sum(logs) as logs,
        min(from_block) as from_block,
        max(to_block) as to_block,
        bool_and(is_complete) as is_complete
    from staging.spans
    group by all

),

totals as (

    select
        chain_id,
        address,
        sum(logs)::bigint as logs,
        min(from_block) as from_block,
        max(to_block) as to_block
    from sources
    group by all

),

complete as (

    select
        contracts.vault_id,
        contracts.address,
        contracts.role,
        contracts.pool_id,
        first_block,
        last_block,
        from_block,
        to_block,
        max(to_block) over (
            partition by
                contracts.vault_id, contracts.address, contracts.role, contracts.pool_id
            order by from_block, to_block
            rows between unbounded preceding and 1 preceding
        ) as reached
    from contracts
    inner join lives using (vault_id)
    inner join sources
        on contracts.chain_id = sources.chain_id
        and contracts.address = sources.address
    where is_complete and from_block <= last_block and to_block >= first_block

),

covered as (

    select
        vault_id,
        address,
        role,
        pool_id,
        min(from_block) <= min(first_block) and max(to_block) >= max(last_block)
            and bool_and(coalesce(from_block <= reached + 1, true)) as is_covered
    from complete
    group by all

)

select
    contracts.vault_id,
    contracts.address,
    contracts.role,
    contracts.pool_id,
    contracts.family,
    contracts.name,
    contracts.is_shared,
    lives.first_block,
    lives.last_block,
    coalesce(totals.logs, 0) as logs,
    totals.from_block,
    totals.to_block,
    coalesce(covered.is_covered, false) as is_covered
from contracts
left join lives using (vault_id)
left join covered using (vault_id, address, role, pool_id)
left join totals
    on contracts.chain_id = totals.chain_id and contracts.address = totals.address
