-- A figure that is null without one reason that is explained, or has both.
-- metrics.figures names those that break the rule as the reason of a metric "unsound".
select
    vault_id,
    period,
    metric,
    reason
from marts.performance_reasons
anti join marts.reasons using (reason)
