-- One row per investor without a reason against it: its money-weighted rates.
-- formula: sum of flow_i * (1 + xirr) ^ (-(t_i - t_0) / 31536000) = 0, the end value
--   being the last flow; modified_dietz is gain / sum of paid in by share of time left
-- Newton's steps on log(1 + xirr), kept between -99.99 % and 100,000 % a year by
-- bisection, until they move less than 1e-14. With more than one change of sign, a root
-- is the only one if the balance at it is never in the investor's debt on the way
-- (Teichroew, Robichek and Montalbano 1965); else multiple_roots.
-- grain: investor_id
-- stored
-- one thread
with recursive

investors as (

    select * from intermediate.investors where reason is null

),

flows as (

    select
        investor_id,
        epoch(flow_at) - epoch(start_at) as seconds,
        elapsed_seconds,
        assets
    from intermediate.investor_flows
    inner join investors using (vault_id, scope, who)

),

dated as (

    select * from flows
    union all
    select
        investor_id,
        elapsed_seconds as seconds,
        elapsed_seconds,
        end_value as assets
    from investors
    where end_value > 0

),

-- the end value may fall on the moment of a flow
cash_flows as (

    select
        investor_id,
        seconds / 31536000 as years,
        1 - seconds / any_value(elapsed_seconds) as time_left,
        sum(assets) as amount
    from dated
    group by investor_id, seconds
    having amount != 0

),

turns as (

    select
        investor_id,
        amount,
        sign(amount) != lag(sign(amount), 1, sign(amount)) over (
            partition by investor_id order by years
        ) as is_turn
    from cash_flows

),

signs as (

    select
        investor_id,
        count(*) filter (where is_turn) as turns_count
    from turns
    group by investor_id

),

ends as (

    select
        investor_id,
        sum(amount * exp(-ln(0.0001) * years)) as value_at_low,
        sum(amount * exp(-ln(1001.0) * years)) as value_at_high,
        sum(-amount * time_left) as capital,
        sum(amount) as gain,
        min(amount) as lowest,
        max(amount) as highest
    from cash_flows
    group by investor_id

),

steps as (

    select
        investor_id,
        0 as step,
        ln(0.0001) as low,
        ln(1001.0) as high,
        sign(value_at_low) as low_sign,
        0.0::double as log_rate,
        false as is_done
    from ends
    where sign(value_at_low) * sign(value_at_high) < 0

    union all

    select
        investor_id,
        step + 1,
        if(is_below, log_rate, low) as next_low,
        if(is_below, high, log_rate) as next_high,
        low_sign,
        case
            when log_rate - newton_step between next_low and next_high
                then log_rate - newton_step
            else (next_low + next_high) / 2
        end as next_rate,
        abs(next_rate - log_rate) <= 1e-14 * greatest(1, abs(log_rate))
    from (
        select
            investor_id,
            step,
            low,
            high,
            low_sign,
            log_rate,
            sum(amount * exp(-log_rate * years)) as value,
            value / nullif(
                -sum(years * amount * exp(-log_rate * years)), 0
            ) as newton_step,
            sign(value) = low_sign as is_below
        from steps
        inner join cash_flows using (investor_id)
        where not is_done and step < 200
        group by investor_id, step, low, high, low_sign, log_rate
    ) as tried

),

roots as (

    select
        investor_id,
        arg_max(log_rate, step) as log_rate
    from steps
    group by investor_id
    having bool_or(is_done)

),

balances as (

    select
        investor_id,
        sum(amount * exp(-log_rate * years)) over (
            partition by investor_id order by years rows unbounded preceding
        ) as balance,
        sum(abs(amount * exp(-log_rate * years))) over (
            partition by investor_id
        ) as moved
    from cash_flows
    inner join roots using (investor_id)

),

proofs as (

    select
        investor_id,
        max(balance) <= 1e-9 * any_value(moved) as is_only_root
    from balances
    group by investor_id

),

judged as (

    select
        investors.investor_id,
        case
            when lowest is null or lowest >= 0 then 'insufficient_data'
            when highest <= 0 and investors.end_value = 0 and end_price = 0
                then 'total_loss'
            when highest <= 0 then 'insufficient_data'
            when turns_count > 1 and not coalesce(is_only_root, false)
                then 'multiple_roots'
            when log_rate is null then 'out_of_range'
        end as xirr_reason,
        case when xirr_reason is null then exp(log_rate) - 1 end as xirr,
        case
            when lowest is null then 'insufficient_data'
            when capital <= 0 then 'zero_denominator'
        end as dietz_reason,
        case when dietz_reason is null then gain / capital end as modified_dietz
    from investors
    left join ends using (investor_id)
    left join signs using (investor_id)
    left join roots using (investor_id)
    left join proofs using (investor_id)

)

select
    investor_id,
    xirr,
    xirr_reason,
    modified_dietz,
    dietz_reason
from judged
