-- One row per mark of a vault and window length: figures over the days up to the mark.
-- grain: vault_id, observed_at, days
-- view
-- columns:
--   vault_id: the vault's id in the config
--   observed_at: the mark the window ends with
--   days: length of the window
--   apy: compound annual rate over the window by its true elapsed time
--   reason: why apy is null
with

windows as (

    select
        vault_id,
        observed_at,
        30 as days,
        last(share_price) over by_month as start_price,
        epoch(observed_at) - epoch(last(observed_at) over by_month) as window_seconds,
        (share_price / nullif(start_price, 0)) ^ (31536000 / window_seconds)
            as per_year
    from intermediate.marks
    window by_month as (
        partition by vault_id order by epoch_us(observed_at)
        range between unbounded preceding and 2_592_000_000_000 preceding
    )

),

judged as (

    select
        *,
        case
            when window_seconds is null then 'no_anchor'
            when window_seconds > days * 86400 + greatest(86400, days * 8640)
                then 'anchor_stale'
            when start_price = 0 then 'bad_anchor_price'
            when not isfinite(per_year) then 'out_of_range'
        end as reason
    from windows

)

select
    vault_id,
    observed_at,
    days,
    case when reason is null then per_year - 1 end as apy,
    reason
from judged
