-- One row per reason for which a figure is undefined, and what it means.
-- grain: reason
-- columns:
--   reason: code, as in marts.performance_reasons
--   meaning: the same in a sentence
select
    unnest([
        'insufficient_data', 'zero_dispersion', 'no_downside', 'no_drawdown',
        'no_anchor', 'anchor_stale', 'stale', 'no_mark_in_period',
        'no_risk_free_rate', 'bad_anchor_price', 'out_of_range',
        'variance_not_positive', 'sharpe_not_positive', 'outside_cf_domain',
        'no_benchmark',
        'multiple_roots', 'no_root', 'zero_denominator', 'total_loss', 'logs_missing',
        'no_flows', 'flows_not_priced', 'no_holders', 'rates_unknown',
        'coins_unknown', 'no_shares_traded', 'other_coin', 'dust', 'no_price_yet',
        'nothing_burnt', 'still_waiting', 'cancelled', 'no_settlement_event',
        'unknown_places', 'not_seen', 'flows_only', 'no_total_assets'
    ]) as reason,
    unnest([
        'too few prices or returns to compute it',
        'all returns are the same, so there is no dispersion to divide by',
        'no return was a loss',
        'the share price never fell below an earlier peak',
        'the record does not reach back that far',
        'the last price before the period is too long before it',
        'the last price is over 48 hours older than the end of the as-of day',
        'no price was observed in the period',
        'no risk-free rate is configured, or it has none on some of the days',
        'the price at the start of the period is zero',
        'the figure is too large for a number',
        'the variance to divide by comes out at zero or below',
        'the Sharpe ratio is not above zero',
        'skewness and kurtosis are outside the domain of the expansion',
        'the benchmark has no value on two days on which the vault has one',
        'more than one rate may make the cash flows worth nothing',
        'no rate makes the cash flows worth nothing',
        'what it would be divided by is zero or negative',
        'nothing is left of what was paid in',
        'logs of the vault are missing or have no time',
        'no deposit or withdrawal is in the logs',
        'the logs do not tell what was paid for the shares',
        'nobody but the vault and the receivers of its fees holds shares',
        'the rates of the fees are not known, or do not give the shares minted',
        'nobody says which of the pool''s coins is the share',
        'the trade was between other coins of the pool',
        'the shares were traded for another coin than the asset',
        'under a million raw units were traded: rounding would decide the price',
        'no price per share was observed by then',
        'the settlement burnt no shares',
        'the request still waits for a settlement',
        'the request was cancelled',
        'no event tells when such a vault settles',
        'nobody knows where these assets are',
        'the place was not seen that day',
        'only what went in and out is known, not what it earned',
        'the assets of the vault before were not observed'
    ]) as meaning
