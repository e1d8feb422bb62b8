-- One row per contract of a vault: what the archives and nodes hold of its logs.
-- The vault's life is from its own first event to the last block that is known by the
-- as-of day. is_covered: sources that hold every log of the contract reach over all of
-- it without a gap, and to the as-of day, so that what they do not show did not happen.
-- An archive that the config calls complete vouches only for contracts of which it has
-- a log, and for none of which a node has one more. known_until: the end of the as-of
-- day where it is covered, else when the last block was that any source holds of it.
-- grain: vault_id, address, role, pool_id
-- stored
with

contracts as (

    select * from staging.contracts

),

run as (

    select * from staging.run

),

times as (

    select
        chain_id,
        block_number,
        block_at
    from staging.logs

    union all

    select
        chain_id,
        block_number,
        block_at
    from staging.headers

),

-- reached_block is the first that is known to be of the as-of day or later
chains as (

    select
        chain_id,
        max(block_number) filter (block_at < until_at) as last_block,
        min(block_number) filter (block_at >= as_of) as reached_block
    from times
    cross join run
    group by chain_id

),

births as (

    select
        vault_id,
        min(block_number) as first_block,
        max(block_number) as last_block,
        max(block_at) as last_at
    from staging.events
    group by vault_id

),

lives as (

    select
        births.vault_id,
        births.first_block,
        greatest(births.last_block, chains.last_block) as last_block,
        births.last_at,
        chains.reached_block
    from births
    inner join staging.vaults using (vault_id)
    left join chains using (chain_id)

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

vouching as (

    select *
    from sources
    anti join intermediate.disproved_archives using (archive, chain_id, address)
    where is_complete and (node_block is not null or logs > 0)

),

complete as (

    select
        contracts.vault_id,
        contracts.address,
        contracts.role,
        contracts.pool_id,
        first_block,
        last_block,
        reached_block,
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
    inner join vouching
        on contracts.chain_id = vouching.chain_id
        and contracts.address = vouching.address
    where from_block <= last_block and to_block >= first_block

),

covered as (

    select
        vault_id,
        address,
        role,
        pool_id,
        min(from_block) <= min(first_block)
            and max(to_block) >= greatest(max(last_block), max(reached_block))
            and max(reached_block) is not null
            and bool_and(coalesce(from_block <= reached + 1, true)) as is_covered
    from complete
    group by all

),

totals_at as (

    select
        totals.*,
        block_at as to_at
    from totals
    asof left join times
        on totals.chain_id = times.chain_id and totals.to_block >= times.block_number

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
    -- what came later than the as-of day is no evidence
    least(totals.to_block, lives.last_block) as to_block,
    coalesce(covered.is_covered, false) as is_covered,
    case
        when covered.is_covered then (select until_at from run)
        else least(coalesce(totals.to_at, lives.last_at), (select until_at from run))
    end as known_until
from contracts
left join lives using (vault_id)
left join covered using (vault_id, address, role, pool_id)
left join totals_at as totals
    on contracts.chain_id = totals.chain_id and contracts.address = totals.address
