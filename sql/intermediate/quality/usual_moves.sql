-- One row per vault of which a price moved by more than 0.5 %: how far it usually does.
-- usual_move is what a return over the usual time between two price points must exceed
-- to be a jump: the least of
-- 20 times the median size of the vault's returns that are not zero
-- 5.5 times what 95 % of these stay under
-- the larger of 16 times the usual noise, the median distance of a price from the
-- median of the five around it, and 8 times the usual drift, by which that median
-- changes over seven price points where it does
-- The first two alone would let spikes hide each other: a price that stands still but
-- for a few wrong reads has no other returns than theirs. The noise is of all price
-- points, so that fewer than half cannot move it, and two wrong reads of five do not
-- move the drift at all; that of a price which rises once a month is a month's.
-- Fewer than 15 price points tell neither, and a median that changed, but in fewer than
-- five places, does not tell the drift.
-- grain: vault_number
-- stored
with

suspects as (

    select vault_number
    from intermediate.price_sequences
    where abs(share_price - previous_price) > 0.005 * previous_price

    union

    select vault_number
    from intermediate.multi_price_days
    where is_uneven

),

points as (

    select
        vault_number,
        observed_at,
        share_price,
        (epoch_us(observed_at) - epoch_us(previous_at)) / 864e8 as elapsed_days,
        abs(share_price / nullif(previous_price, 0) - 1) as move,
        intermediate.median_of_five(
            lag(share_price, 2) over by_time,
            previous_price,
            lead(share_price) over by_time,
            lead(share_price, 2) over by_time,
            share_price
        ) as level
    from intermediate.price_sequences
    semi join suspects using (vault_number)
    window by_time as (partition by vault_number order by observed_at)

),

levels as (

    select
        *,
        lag(level, 7) over by_time as previous_level,
        level != lag(level) over by_time as is_step
    from points
    window by_time as (partition by vault_number order by observed_at)

),

typical as (

    select
        vault_number,
        median(move) filter (where move != 0) as typical_return,
        quantile_cont(move, 0.95) filter (where move != 0) as large_return,
        median(abs(share_price / nullif(level, 0) - 1)) as noise,
        median(abs(level / nullif(previous_level, 0) - 1))
            filter (where level != previous_level) as drift,
        count(*) filter (where is_step) as steps_count,
        greatest(1, median(elapsed_days)) as usual_days,
        count(*) as points_count
    from levels
    group by vault_number

)

select
    vault_number,
    coalesce(typical_return, 0) as typical_return,
    usual_days,
    least(
        20 * typical_return,
        5.5 * large_return,
        case
            when points_count >= 15 and steps_count not between 1 and 4
                then greatest(16 * noise, 8 * drift)
        end
    ) as usual_move
from typical
