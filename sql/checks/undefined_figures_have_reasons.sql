-- A figure that is null without an explained reason, or has both value and reason.
select
    vault_id,
    period,
    metric,
    value,
    reason
from marts.performance_long
left join marts.reasons using (reason)
where (value is null) != (reason is not null and meaning is not null)
