-- One row per price point of a vault and window length: figures over the days up to it.
-- The window starts with the last price point at or before its length; until there is
-- one it is not full, and has no figures.
-- grain: vault_id, observed_at, days
-- view
-- units:
--   fraction: max_drawdown
--   fraction per year: apy, volatility
--   ratio: sharpe_ratio_zero
--   days: days
-- columns:
--   vault_id: the vault's id in the config
--   observed_at: the price point the window ends with
--   days: length of the window: 30, 90 or 365
--   start_at: the price point it starts with
--   apy: compound annual rate over the window by its true elapsed time
--   volatility: sample deviation of the window's returns, annualised
--   sharpe_ratio_zero: mean of the window's returns / their deviation, annualised
--   max_drawdown: deepest fall from a peak of the window
--   reason: why the window has no figures, or the rate alone: out_of_range
--   sharpe_reason: why sharpe_ratio_zero is null
with

points as (

    select
        vault_id,
        observed_at,
        epoch_us(observed_at) as moment,
        share_price,
        lag(share_price) over (
            partition by vault_id order by observed_at
        ) as previous_price
    from marts.share_prices

),

-- time is cut into blocks as long as the window, so that every window begins in
-- one block and ends in a later one
placed as (

    select
        vault_id,
        observed_at,
        moment,
        share_price,
        -- after a total loss nothing is left to lose
        case
            when previous_price > 0 then share_price / previous_price - 1
            when previous_price = 0 then 0
        end as simple_return,
        days,
        days::bigint * 86_400_000_000 as width,
        moment // (days::bigint * 86_400_000_000) as block
    from points
    cross join (select unnest([30, 90, 365]) as days)

),

extremes as (

    select
        *,
        max(share_price) over from_start as peak_so_far,
        min(share_price) over from_start as low_so_far,
        max(share_price) over to_end as peak_ahead,
        min(share_price) over to_end as low_ahead
    from placed
    window
        from_start as (
            partition by vault_id, days, block order by moment rows unbounded preceding
        ),
        to_end as (
            partition by vault_id, days, block order by moment
            rows between current row and unbounded following
        )

),

falls as (

    select
        *,
        min(share_price / nullif(peak_so_far, 0) - 1) over (
            partition by vault_id, days, block order by moment rows unbounded preceding
        ) as fall_so_far,
        min(low_ahead / nullif(share_price, 0) - 1) over (
            partition by vault_id, days, block order by moment
            rows between current row and unbounded following
        ) as fall_ahead
    from extremes

),

blocks as (

    select
        vault_id as block_vault_id,
        days as block_days,
        block as whole_block,
        max(share_price) as block_peak,
        min(share_price) as block_low,
        min(fall_ahead) as block_fall
    from falls
    group by vault_id, days, block

),

windows as (

    select
        *,
        last({
            'moment': moment, 'observed_at': observed_at, 'share_price': share_price,
            'block': block, 'peak': peak_ahead, 'fall': fall_ahead
        }) over up_to_start as start,
        count(simple_return) over inside as returns_count,
        avg(simple_return) over inside as mean_return,
        stddev_samp(simple_return) over inside as deviation,
        max(simple_return) over inside - min(simple_return) over inside as spread
    from falls
    window
        up_to_start as (
            partition by vault_id, days order by moment
            range between unbounded preceding and width preceding
        ),
        inside as (
            partition by vault_id, days order by moment
            range between width - 1 preceding and current row
        )

),

measured as (

    select
        *,
        (moment - start.moment) / 1e6 as window_seconds,
        returns_count / window_seconds * 31536000 as periods_per_year,
        (share_price / nullif(start.share_price, 0)) ^ (31536000 / window_seconds)
            as per_year,
        -- within the first block, within the last, from the one to the other, and
        -- all of it once more where a whole block lies between
        least(
            start.fall,
            fall_so_far,
            low_so_far / nullif(start.peak, 0) - 1,
            block_fall,
            block_low / nullif(start.peak, 0) - 1,
            low_so_far / nullif(block_peak, 0) - 1
        ) as fall,
        case
            when start is null then 'no_anchor'
            when window_seconds > days * 86400 + greatest(86400, days * 8640)
                then 'anchor_stale'
            when start.share_price = 0 then 'bad_anchor_price'
        end as window_reason
    from windows
    left join blocks
        on vault_id = block_vault_id
        and days = block_days
        and block - 1 = whole_block
        and start.block < whole_block

),

judged as (

    select
        *,
        coalesce(window_reason, case
            when not isfinite(per_year) then 'out_of_range'
        end) as reason,
        coalesce(window_reason, case
            when returns_count < 2 then 'insufficient_data'
            when spread <= 1e-13 then 'zero_dispersion'
        end) as sharpe_reason
    from measured

)

select
    vault_id,
    observed_at,
    days,
    start.observed_at as start_at,
    case when reason is null then per_year - 1 end as apy,
    case when window_reason is null then
        deviation * sqrt(periods_per_year)
    end as volatility,
    case when sharpe_reason is null then
        mean_return / deviation * sqrt(periods_per_year)
    end as sharpe_ratio_zero,
    case
        when window_reason is not null then null
        when fall < -1e-12 then fall
        else 0
    end as max_drawdown,
    reason,
    sharpe_reason
from judged
