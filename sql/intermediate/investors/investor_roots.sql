-- One row per investor: a rate at which its cash flows are worth nothing.
-- Of those whose worth has another sign at -99.99 % than at 100,000 % a year.
-- formula: sum of amount * exp(-log_rate * years) = 0, with log_rate = ln(1 + rate)
-- Newton's steps, kept inside by halving, until one moves less than 1e-14.
-- grain: investor_id
-- stored
-- one thread
with recursive

cash_flows as (

    select * from intermediate.investor_cash_flows

),

ends as (

    select
        investor_id,
        sign(sum(amount * exp(-ln(0.0001) * years))) as low_sign,
        sign(sum(amount * exp(-ln(1001.0) * years))) as high_sign
    from cash_flows
    group by investor_id
    having low_sign * high_sign < 0

),

steps as (

    select
        investor_id,
        0 as step,
        ln(0.0001) as low,
        ln(1001.0) as high,
        low_sign,
        0.0::double as log_rate,
        false as is_done
    from ends

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
            sum(amount * exp(-log_rate * years)) as worth,
            worth / nullif(
                -sum(years * amount * exp(-log_rate * years)), 0
            ) as newton_step,
            sign(worth) = low_sign as is_below
        from steps
        inner join cash_flows using (investor_id)
        where not is_done and step < 200
        group by investor_id, step, low, high, low_sign, log_rate
    ) as tried

)

select
    investor_id,
    arg_max(log_rate, step) as log_rate
from steps
group by investor_id
having bool_or(is_done)
