-- One row per vault and level: whether its event history is proved to be complete.
-- L0 is the logs' structure, L1 the headers of their blocks, L2 the receipts that the
-- headers commit to, L3 what the contracts say of the sums. L2 is proved only where
-- every block from the vault's first log on was looked at, and checked where only some
-- of those without a log were. Archived files alone prove nothing: only a node can.
-- grain: vault_id, level
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

)

select
    vaults.vault_id,
    levels.level,
    coalesce(verifications.verdict, 'unproved') as verdict,
    coalesce(verifications.blocks, 0) as blocks,
    verifications.fault_block,
    coalesce(verifications.detail, 'no node was asked') as detail
from vaults
cross join levels
left join verifications using (vault_id, level)
order by vaults.vault_number, levels.level
