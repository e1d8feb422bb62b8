-- A period whose returns were not listed in the order of time, as autocovariances need.
select
    vault_id,
    period
from intermediate.period_autocovariances
where not is_in_order
