-- One row per investor without a reason against it: its money-weighted rates.
-- formula: xirr is the only rate with sum of amount / (1 + xirr) ^ years = 0;
--   modified_dietz is gain / sum of what was paid in, by the share of the time left
-- grain: investor_id
-- stored
-- one thread
with

investors as (

    select * from intermediate.investors where reason is null

),

roots as (

    select * from intermediate.investor_roots

),

root_counts as (

    select * from intermediate.investor_root_counts

),

sums as (

    select
        investor_id,
        sum(-amount * time_left) as capital,
        sum(amount) as gain,
        min(amount) as lowest,
        max(amount) as highest
    from intermediate.investor_cash_flows
    group by investor_id

),

judged as (

    select
        investors.investor_id,
        case
            when lowest is null or lowest >= 0 then 'insufficient_data'
            when highest <= 0 and end_price = 0 then 'total_loss'
            when highest <= 0 then 'insufficient_data'
            when turns_count = 1 and log_rate is null then 'out_of_range'
            when roots_count = 0 then 'no_root'
            when roots_count = 1 and log_rate is not null then null
            else 'multiple_roots'
        end as xirr_reason,
        case
            when lowest is null then 'insufficient_data'
            when capital <= 0 then 'zero_denominator'
        end as dietz_reason,
        log_rate,
        gain,
        capital
    from investors
    left join sums using (investor_id)
    left join roots using (investor_id)
    left join root_counts using (investor_id)

)

select
    investor_id,
    case when xirr_reason is null then exp(log_rate) - 1 end as xirr,
    xirr_reason,
    case when dietz_reason is null then gain / capital end as modified_dietz,
    dietz_reason
from judged
