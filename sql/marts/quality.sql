-- One row per vault with a price point: how far its record can be trusted.
-- grain: vault_id
-- units:
--   fraction: coverage, zero_return_share, worst_mismatch
--   days: longest_gap_days, last_read_age_days, last_change_age_days, longest_flat_days
--   count: days_count, days_with_price, zero_returns_count, flat_periods_count,
--     restated_points, differing_points, inexact_points, checked_points,
--     mismatched_points, spikes_count, outliers_count, steps_up_count,
--     steps_down_count, changes_count
-- columns:
--   vault_id: the vault's id in the config
--   coverage: days with a price point / days from the first price point to the last
--   days_count: days from the first price point to the last
--   days_with_price: days with a price point
--   longest_gap_days: longest time between two price points
--   last_read_age_days: from the last price point to the end of the as-of day
--   last_change_age_days: from the last change of the price to the end of the as-of day
--   zero_returns_count: price points at which the price was as at the price point
--     before
--   zero_return_share: returns that are zero / all returns; null with one price point
--   flat_periods_count: times the price was read and did not change for 7 days or more
--   longest_flat_days: the longest time without a change of the price, however short
--   restated_points: moments of which readings give different prices; all left out
--   differing_points: moments at which two sources differ by more than a millionth
--   inexact_points: price points of which the source wrote an amount as a decimal, a
--     float or in USD
--   sources: where the price points come from, with their number
--   checked_points: readings that give a price, the assets and the supply
--   mismatched_points: checked points at which price * supply is not the assets to a
--     millionth, the family's virtual amounts counted
--   worst_mismatch: largest of abs(price * supply / assets - 1) of the checked points,
--     the family's virtual amounts counted
--   spikes_count: jumps that revert
--   steps_up_count: jumps up
--   steps_down_count: jumps down
--   changes_count: jumps by a power of ten or with an upgrade of the contract
--   outliers_count: prices within a day that are far off, while its price point is not
with

run as (

    select * from staging.run

),

records as (

    select * from intermediate.track_records

),

sums as (

    select
        vault_number,
        source_rank,
        count(*) as price_points_count,
        count(*) filter (where share_price = previous_price) as zeros_count,
        count_if(is_inexact) as inexact_count
    from intermediate.price_sequences
    group by vault_number, source_rank

),

sources as (

    select
        vault_number,
        sum(zeros_count)::bigint as zeros_count,
        sum(inexact_count)::bigint as inexact_points,
        string_agg(
            format('{} {}', price_points_count, intermediate.source_name(source_rank)),
            ', ' order by source_rank
        ) as sources
    from sums
    group by vault_number

),

still as (

    select vault_number from sources where zeros_count > 0

),

-- the price point before the next change ends what a change began
changes as (

    select
        vault_number,
        observed_at,
        lead(previous_at) over (
            partition by vault_number order by observed_at
        ) as until_at
    from intermediate.price_sequences
    semi join still using (vault_number)
    where share_price is distinct from previous_price

),

flats as (

    select
        vault_number,
        (epoch(coalesce(until_at, last_at)) - epoch(observed_at)) / 86400 as flat_days
    from changes
    inner join records using (vault_number)

),

flat_periods as (

    select
        vault_number,
        count(*) filter (where flat_days >= 7) as flat_periods_count,
        max(flat_days) as longest_flat_days
    from flats
    group by vault_number

),

restated as (

    select
        vault_id,
        count(*) as restated_points
    from intermediate.reading_repeats
    where is_conflict
    group by vault_id

),

several as (

    select
        vault_id,
        observed_at,
        max(share_price) - min(share_price) > 1e-6 * max(share_price) as is_differing
    from intermediate.price_observations
    semi join intermediate.multi_price_days using (vault_number, price_date)
    group by vault_id, observed_at
    having count(*) > 1

),

differing as (

    select
        vault_id,
        count(*) as differing_points
    from several
    where is_differing
    group by vault_id

),

mismatches as (

    select
        vault_id,
        count(gap) as checked_points,
        count(*) filter (where abs(gap) > 1e-6) as mismatched_points,
        max(abs(gap)) as worst_mismatch
    from intermediate.proportion_points
    where source = 'reading'
    group by vault_id

),

jumps as (

    select
        vault_id,
        count(*) filter (where kind = 'spike_reverts') as spikes_count,
        count(*) filter (where kind = 'step_up_without_deposit') as steps_up_count,
        count(*) filter (where kind = 'step_down') as steps_down_count,
        count(*) filter (where kind = 'decimals_or_implementation_change')
            as changes_count,
        count(*) filter (where kind = 'outlier_within_day') as outliers_count
    from intermediate.jumps
    group by vault_id

)

select
    records.vault_id,
    records.days_with_price / records.days_count as coverage,
    records.days_count,
    records.days_with_price,
    records.longest_gap_days,
    (epoch(run.until_at) - epoch(records.last_at)) / 86400 as last_read_age_days,
    (epoch(run.until_at) - epoch(records.last_change_at)) / 86400
        as last_change_age_days,
    sources.zeros_count as zero_returns_count,
    sources.zeros_count / nullif(records.price_points_count - 1, 0)
        as zero_return_share,
    coalesce(flat_periods_count, 0) as flat_periods_count,
    coalesce(longest_flat_days, 0) as longest_flat_days,
    coalesce(restated_points, 0) as restated_points,
    coalesce(differing_points, 0) as differing_points,
    sources.inexact_points,
    sources.sources,
    coalesce(checked_points, 0) as checked_points,
    coalesce(mismatched_points, 0) as mismatched_points,
    worst_mismatch,
    coalesce(spikes_count, 0) as spikes_count,
    coalesce(steps_up_count, 0) as steps_up_count,
    coalesce(steps_down_count, 0) as steps_down_count,
    coalesce(changes_count, 0) as changes_count,
    coalesce(outliers_count, 0) as outliers_count
from records
cross join run
inner join sources using (vault_number)
left join flat_periods using (vault_number)
left join restated using (vault_id)
left join differing using (vault_id)
left join mismatches using (vault_id)
left join jumps using (vault_id)
