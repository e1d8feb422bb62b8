-- Lowest return of a whole calendar month within the period.
-- label: Worst month
-- group: returns, 5
-- grain: vault_id, period
-- formula: min over months of last price of the month / last price before it - 1
-- unit: fraction
-- source: definition
-- null when: the period holds no whole month
select
    vault_id,
    period,
    reason,
    worst_month as value
from intermediate.period_months
