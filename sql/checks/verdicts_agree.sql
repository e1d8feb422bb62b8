-- A vault of which marts contradict each other on what stands behind its price today.
-- One that its backing speaks against has no place; where nothing comes out it is not
-- fully liquid, and where assets are known to be lost shares are not redeemed at their
-- true value. Neither claim is held of what no place is given for these.
with

verdicts as (

    select
        vault_id,
        verdict,
        reason
    from intermediate.backing_days
    inner join marts.run on backing_days.day = run.as_of

),

claims as (

    select
        vault_id,
        max(verdict) filter (claim = 'fully_liquid') as fully_liquid,
        max(verdict) filter (claim = 'redemption_at_true_value') as at_true_value
    from marts.claims
    group by vault_id

),

unranked as (

    select
        vault_id,
        ineligible_reason
    from marts.ineligibilities
    where ineligible_reason in ('unbacked', 'impaired', 'illiquid')

)

select
    vault_id,
    verdict,
    fully_liquid,
    at_true_value,
    ineligible_reason
from claims
left join verdicts using (vault_id)
left join unranked using (vault_id)
where if(verdict in ('unbacked', 'impaired', 'illiquid'), verdict, null)
    is distinct from ineligible_reason
    or reason = 'no_way_out' and fully_liquid != 'broken'
    or reason = 'loss_known' and (fully_liquid = 'held' or at_true_value != 'broken')
    or reason = 'request_unpaid' and (fully_liquid = 'held' or at_true_value = 'held')
