-- One row per vault and level: whether its event history is proved to be complete.
-- L0 is the logs' structure, L1 the headers of their blocks, L2 the receipts that the
-- headers commit to, L3 what the contracts say of the sums. L2 is proved only where
-- every block from the vault's first log on was looked at, and checked where only some
-- of those without a log were. Archived files alone prove nothing: only a node can. But
-- they can show that logs are missing, by what these left in others: then L0 is
-- unproved, whatever else was found.
-- grain: vault_id, level
-- units:
--   count: blocks
--   block number: fault_block
-- columns:
--   vault_id: the vault's id in the config
--   level: L0, L1, L2 or L3
--   verdict: proved (all of it), checked (what could be looked at), unproved
--   blocks: blocks that were verified
--   fault_block: the first block that failed; null if none did
--   detail: what was found, in a sentence
with

vaults as (

    select * from staging.vaults

),

levels as (

    select unnest(['L0', 'L1', 'L2', 'L3']) as level

),

verifications as (

    select * from staging.verifications

),

traces as (

    select
        vault_id,
        'L0' as level,
        count(*) as traces,
        min(block_number) as trace_block,
        arg_min(trace, log_position) as first_trace
    from intermediate.missing_logs
    group by vault_id

)

select
    vaults.vault_id,
    levels.level,
    case
        when traces is null then coalesce(verifications.verdict, 'unproved')
        else 'unproved'
    end as verdict,
    coalesce(verifications.blocks, 0) as blocks,
    least(verifications.fault_block, trace_block) as fault_block,
    concat_ws(
        '; ',
        format(
            'logs are missing: {}, the first in block {}: {}',
            if(traces = 1, '1 log shows it', traces || ' logs show it'), trace_block,
            replace(first_trace, '_', ' ')
        ),
        coalesce(verifications.detail, 'no node was asked')
    ) as detail
from vaults
cross join levels
left join verifications using (vault_id, level)
left join traces using (vault_id, level)
order by vaults.vault_number, levels.level
