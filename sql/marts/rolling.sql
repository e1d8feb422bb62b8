-- One row per mark of a vault and window length: figures over the days up to the mark.
-- grain: vault_id, observed_at, days
-- columns:
--   vault_id: the vault's id in the config
--   observed_at: the mark the window ends with
--   days: length of the window
--   apy: compound annual rate over the window by its true elapsed time
--   reason: why apy is null
with

marks as (

    select
        vault_id,
        observed_at,
        share_price,
        30 as days
    from intermediate.marks

),

windows as (

    select
        marks.vault_id,
        marks.observed_at,
        marks.days,
        anchors.share_price as start_price,
        epoch(marks.observed_at) - epoch(anchors.observed_at) as elapsed_seconds,
        (marks.share_price / nullif(anchors.share_price, 0))
            ^ (31536000 / elapsed_seconds) as per_year
    from marks
    asof left join intermediate.marks as anchors
        on marks.vault_id = anchors.vault_id
        and marks.observed_at - to_days(marks.days) >= anchors.observed_at

),

judged as (

    select
        *,
        case
            when elapsed_seconds is null then 'no_anchor'
            when elapsed_seconds > days * 86400 + greatest(86400, days * 8640)
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
