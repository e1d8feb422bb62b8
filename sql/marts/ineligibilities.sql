-- One row per vault and reason for which it has no place in any ranking.
-- grain: vault_id, ineligible_reason
-- units:
--   place: reason_position
-- columns:
--   vault_id: the vault's id in the config
--   ineligible_reason: code
--   reason_position: the reason's place among all reasons, the gravest being 1
--   badge: the reason in a word or two
--   meaning: the reason in a sentence
with

reasons as (

    select
        ineligible_reason,
        reason_position::integer as reason_position,
        badge,
        meaning
    from seeds.ineligible_reasons

)

select
    vault_id,
    ineligible_reason,
    reason_position,
    badge,
    meaning
from intermediate.ineligibilities
inner join reasons using (ineligible_reason)
order by vault_id, reason_position
