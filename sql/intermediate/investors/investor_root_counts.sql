-- One row per investor: at how many rates its cash flows are worth nothing.
-- Of rates between -99.99 % and 100,000 % a year; null where that was not found out.
-- One change of sign has at most one. With more, the only root is known by its balance
-- never being the investor's debt on the way (Teichroew, Robichek and Montalbano 1965).
-- Else the range is halved until each part has no root or a monotone worth: what comes
-- in and what goes out are both monotone in the rate, so that their values at a part's
-- ends bound the worth and its slope inside.
-- grain: investor_id
-- stored
-- one thread
with recursive

cash_flows as (

    select * from intermediate.investor_cash_flows

),

roots as (

    select * from intermediate.investor_roots

),

turns as (

    select
        investor_id,
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

balances as (

    select
        investor_id,
        sum(amount * exp(-log_rate * years)) over (
            partition by investor_id order by years rows unbounded preceding
        ) as balance,
        abs(amount * exp(-log_rate * years)) as moved
    from cash_flows
    inner join roots using (investor_id)
    inner join signs using (investor_id)
    where turns_count > 1

),

known as (

    select
        investor_id,
        true as is_known
    from balances
    group by investor_id
    having max(balance) <= 1e-9 * sum(moved)

),

searched_flows as (

    select
        investor_id,
        years,
        greatest(amount, 0) as inward,
        greatest(-amount, 0) as outward
    from cash_flows
    inner join signs using (investor_id)
    anti join known using (investor_id)
    where turns_count > 1

),

parts as (

    select distinct
        investor_id,
        0 as depth,
        ln(0.0001) as low,
        ln(1001.0) as high,
        null::integer as roots_count
    from searched_flows

    union all

    select
        investor_id,
        depth + 1,
        part_low,
        part_high,
        case
            when least_inward > most_outward or least_outward > most_inward then 0
            when least_inward_slope > most_outward_slope
                or least_outward_slope > most_inward_slope
                then (
                    (most_inward > most_outward) != (least_inward > least_outward)
                )::integer
        end
    from (
        select
            investor_id,
            depth,
            part_low,
            part_high,
            sum(inward * exp(-part_low * years)) as most_inward,
            sum(inward * exp(-part_high * years)) as least_inward,
            sum(outward * exp(-part_low * years)) as most_outward,
            sum(outward * exp(-part_high * years)) as least_outward,
            sum(years * inward * exp(-part_low * years)) as most_inward_slope,
            sum(years * inward * exp(-part_high * years)) as least_inward_slope,
            sum(years * outward * exp(-part_low * years)) as most_outward_slope,
            sum(years * outward * exp(-part_high * years)) as least_outward_slope
        from (
            select
                investor_id,
                depth,
                unnest([low, (low + high) / 2]) as part_low,
                unnest([(low + high) / 2, high]) as part_high
            from parts
            where roots_count is null and depth < 40
        ) as halves
        inner join searched_flows using (investor_id)
        group by investor_id, depth, part_low, part_high
    ) as bounded

),

found as (

    select
        investor_id,
        sum(roots_count) as roots_count,
        bool_or(roots_count is null and depth = 40) as is_undecided
    from parts
    group by investor_id

)

select
    signs.investor_id,
    signs.turns_count,
    case
        when turns_count <= 1 then (roots.investor_id is not null)::integer
        when is_known then 1
        when not is_undecided then found.roots_count
    end as roots_count
from signs
left join roots using (investor_id)
left join known using (investor_id)
left join found using (investor_id)
