-- One row per vault and claim made of such vaults: whether the chain bears it out.
-- Held needs evidence: where logs could be missing, the verdict is not provable,
-- however little was found.
-- grain: vault_id, claim
-- units:
--   block number: from_block, to_block, broken_block
--   place: position
-- columns:
--   vault_id: the vault's id in the config
--   claim: code
--   position: order of the claims
--   statement: the claim in a sentence
--   verdict: held, broken or not provable
--   evidence: what was found, in a sentence
--   looked_at: protocols whose logs were looked at, of a claim about protocols
--   not_looked_at: protocols that were not
--   from_block: first block that the evidence is about
--   to_block: last block that the evidence is about
--   broken_block: first block at which the claim was broken
with

verdicts as (

    select
        'never_borrows' as claim,
        *
    from intermediate.claim_never_borrows

    union all by name

    select
        'redemption_at_true_value' as claim,
        *
    from intermediate.claim_redemption_value

    union all by name

    select
        'proportional_claim' as claim,
        *
    from intermediate.claim_proportional

    union all by name

    select
        'secondary_price_does_not_matter' as claim,
        *
    from intermediate.claim_market_price

    union all by name

    select
        'fully_liquid' as claim,
        *
    from intermediate.claim_liquid

)

select
    vault_id,
    claim,
    position::integer as position,
    statement,
    verdict,
    evidence,
    coalesce(looked_at, '') as looked_at,
    coalesce(not_looked_at, '') as not_looked_at,
    from_block,
    to_block,
    broken_block
from verdicts
inner join seeds.claims using (claim)
