-- One row per vault and level of verification that a node's proofs were asked for.
-- grain: vault_id, level
select
    vault_id,
    level,
    verdict,
    blocks,
    fault_block,
    detail
from raw.verifications
