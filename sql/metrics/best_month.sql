-- Highest return of a whole calendar month within the period.
-- label: Best month
-- group: returns, 4
-- grain: vault_id, period
-- formula: max over months of last price of the month / last price before it - 1
-- unit: fraction
-- source: definition
-- null when: the period holds no whole month
select
    vault_id,
    period,
    reason,
    best_month as value
from intermediate.period_months
