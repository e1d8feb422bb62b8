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
    max(value) filter (where threshold = 'least_returns') as least_returns,
    max(value) filter (where threshold = 'unbacked_share') as unbacked_share,
    max(value) filter (where threshold = 'impaired_share') as impaired_share,
    max(value) filter (where threshold = 'illiquid_share') as illiquid_share,
    max(value) filter (where threshold = 'full_utilisation') as full_utilisation,
    max(value) filter (where threshold = 'backed_share') as backed_share,
    max(value) filter (where threshold = 'request_days') as request_days,
    max(value) filter (where threshold = 'fact_days')::integer as fact_days
from staging.threshold_values
