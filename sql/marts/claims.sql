-- One row per vault and claim made of such vaults: whether the chain bears it out.
-- Held needs evidence: where logs could be missing, the verdict is not provable,
-- however little was found.
-- grain: vault_id, claim
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
--   to_block: last block
--   broken_block: first block at which the claim was broken
with

borrows as (

    select
        vault_id,
        'never_borrows' as claim,
        1 as position,
        'The vault never borrows.' as statement,
        verdict,
        evidence,
        looked_at,
        not_looked_at,
        from_block,
        to_block,
        broken_block
    from intermediate.claim_never_borrows

),

redeems as (

    select
        vault_id,
        'redemption_at_true_value' as claim,
        2 as position,
        'Shares are redeemed at their true value.' as statement,
        verdict,
        evidence,
        '' as looked_at,
        '' as not_looked_at,
        from_block,
        to_block,
        broken_block
    from intermediate.claim_redemption_value

),

proportional as (

    select
        vault_id,
        'proportional_claim' as claim,
        3 as position,
        'A share is a proportional claim on the assets: price x supply = assets.'
            as statement,
        verdict,
        evidence,
        '' as looked_at,
        '' as not_looked_at,
        from_block,
        to_block,
        broken_block
    from intermediate.claim_proportional

),

traded as (

    select
        vault_id,
        'secondary_price_does_not_matter' as claim,
        4 as position,
        'The price on secondary markets does not matter: it stays at the value.'
            as statement,
        verdict,
        evidence,
        '' as looked_at,
        '' as not_looked_at,
        from_block,
        to_block,
        broken_block
    from intermediate.claim_market_price

),

liquid as (

    select
        vault_id,
        'fully_liquid' as claim,
        5 as position,
        'All shares can be redeemed at once.' as statement,
        verdict,
        evidence,
        '' as looked_at,
        '' as not_looked_at,
        from_block,
        to_block,
        broken_block
    from intermediate.claim_liquid

),

claims as (

    select * from borrows
    union all
    select * from redeems
    union all
    select * from proportional
    union all
    select * from traded
    union all
    select * from liquid

)

select
    vault_id,
    claim,
    position,
    statement,
    verdict,
    evidence,
    looked_at,
    not_looked_at,
    from_block,
    to_block,
    broken_block
from claims
