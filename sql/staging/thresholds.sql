-- One row: the thresholds of this run, each a column of its name.
-- grain: implausible_rate
-- stored where rows are few
select
    max(value) filter (where threshold = 'implausible_rate') as implausible_rate,
    max(value) filter (where threshold = 'implausible_drawdown')
        as implausible_drawdown,
    max(value) filter (where threshold = 'emptied_share') as emptied_share,
    max(value) filter (where threshold = 'dust_assets') as dust_assets,
    max(value) filter (where threshold = 'no_exit_days') as no_exit_days,
    max(value) filter (where threshold = 'large_loss') as large_loss,
    max(value) filter (where threshold = 'least_returns') as least_returns
from staging.threshold_values
