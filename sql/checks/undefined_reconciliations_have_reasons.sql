-- A figure of another site that is null without an explained reason, or has both.
select
    vault_id,
    site,
    figure,
    value,
    reason
from marts.reconciliation
left join marts.reasons using (reason)
where (value is null) != (reason is not null and meaning is not null)
    or not isfinite(value)
