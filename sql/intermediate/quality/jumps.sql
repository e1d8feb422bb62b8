-- One row per price at which the price jumped: what kind of jump it was.
-- A jump is a return of more than the threshold: of more than the vault's usual_move,
-- times the root of how often its usual time between two price points fits into the
-- time since the price point before; but at least 0.5 %, times the days of a longer
-- gap. A fall is measured as the rise that would take it back, so that a total loss is
-- always one. So a vault that earns once a week does not jump each week, one that
-- trades something volatile not on its usual days, and a return over a gap is not
-- judged as one over a day. Kinds, the first that fits:
-- spike_reverts: when the price leaves its new level by a quarter of the jump, within 7
-- days, it is back at the old one to a quarter of the jump. A bad read is gone the next
-- day, a wrong valuation stands until the next one. The way back is no jump. A vault
-- that everybody left in between begins anew at some price, which takes nothing back
-- decimals_or_implementation_change: by a power of ten to 5 %, or with an upgrade of
-- the contract since the price point before
-- step_up_without_deposit: up; deposits are done at the price and do not move it
-- step_down: down
-- outlier_within_day: no price point, see price_outliers
-- grain: vault_id, observed_at
-- stored
with

sequences as (

    select
        vault_number,
        point_number,
        observed_at,
        source_rank,
        share_price,
        total_assets,
        previous_at,
        previous_price,
        lag(total_assets) over by_time as previous_assets,
        lag(source_rank) over by_time as previous_rank
    from intermediate.price_sequences
    semi join intermediate.usual_moves using (vault_number)
    window by_time as (partition by vault_number order by observed_at)

),

points as (

    select
        sequences.*,
        vault_id,
        (epoch_us(observed_at) - epoch_us(previous_at)) / 1e6 as elapsed_seconds,
        case
            when previous_price > 0 then share_price / previous_price - 1
            when previous_price = 0 then 0
        end as simple_return
    from sequences
    inner join staging.vaults using (vault_number)

),

jumped as (

    select
        points.*,
        typical_return,
        elapsed_seconds / 86400 as elapsed_days,
        greatest(
            0.005 * greatest(1, elapsed_days),
            usual_move * sqrt(greatest(1, elapsed_days / usual_days))
        ) as rise,
        if(simple_return < 0, rise / (1 + rise), rise) as threshold
    from points
    inner join intermediate.usual_moves using (vault_number)
    where abs(simple_return) > threshold

),

departures as (

    select
        jumped.vault_id,
        jumped.observed_at,
        min(points.observed_at) as next_at,
        arg_min(points.share_price, points.observed_at) as next_price
    from jumped
    inner join points
        on jumped.vault_id = points.vault_id
        and points.observed_at > jumped.observed_at
        and points.observed_at <= jumped.observed_at + interval 168 hours
    where abs(points.share_price - jumped.share_price)
        > 0.25 * abs(jumped.share_price - jumped.previous_price)
    group by all

),

emptied as (

    select distinct
        departures.vault_id,
        departures.observed_at,
        true as was_emptied
    from departures
    inner join intermediate.emptyings
        on departures.vault_id = emptyings.vault_id
        and emptyings.emptied_at >= departures.observed_at
        and emptyings.emptied_at <= departures.next_at

),

code_events as (

    select
        vault_id,
        block_at,
        event,
        arguments->>'version' as version
    from intermediate.vault_events
    where event in ('Upgraded', 'BeaconUpgraded', 'Initialized')

    union all

    select
        vault_id,
        block_at,
        event,
        null as version
    from staging.contract_events
    where event in ('Upgraded', 'SetImplementation')
        and role in ('beacon', 'proxy_admin')

),

upgrades as (

    select
        jumped.vault_id,
        jumped.observed_at,
        string_agg(distinct event, ', ' order by event) as upgrade_events
    from jumped
    inner join code_events
        on jumped.vault_id = code_events.vault_id
        and code_events.block_at > jumped.previous_at
        and code_events.block_at <= jumped.observed_at
    -- the first version is the vault's beginning
    where event != 'Initialized' or version != '1'
    group by all

),

judged as (

    select
        jumped.*,
        next_at,
        next_price,
        upgrade_events,
        was_emptied is null
            and abs(next_price - previous_price)
                <= 0.25 * abs(share_price - previous_price) as is_reverted,
        case
            when share_price > 0 and previous_price > 0
                then log10(share_price / previous_price)
        end as magnitude,
        abs(magnitude) > 0.9
            and abs(magnitude - round(magnitude)) <= log10(1.05) as is_power_of_ten
    from jumped
    left join departures using (vault_id, observed_at)
    left join emptied using (vault_id, observed_at)
    left join upgrades using (vault_id, observed_at)

),

spikes as (

    select
        vault_id,
        next_at as observed_at
    from judged
    where is_reverted

)

select
    vault_id,
    vault_number,
    observed_at,
    point_number,
    previous_at,
    next_at,
    source_rank,
    share_price,
    previous_price,
    next_price,
    total_assets,
    previous_assets,
    previous_rank,
    simple_return,
    typical_return,
    threshold,
    upgrade_events,
    case
        when is_reverted then 'spike_reverts'
        when is_power_of_ten or upgrade_events is not null
            then 'decimals_or_implementation_change'
        when simple_return > 0 then 'step_up_without_deposit'
        else 'step_down'
    end as kind
from judged
anti join spikes using (vault_id, observed_at)

union all

select
    vault_id,
    vault_number,
    observed_at,
    null as point_number,
    previous_at,
    next_at,
    source_rank,
    share_price,
    previous_price,
    next_price,
    total_assets,
    previous_assets,
    source_rank as previous_rank,
    simple_return,
    typical_return,
    threshold,
    null as upgrade_events,
    'outlier_within_day' as kind
from intermediate.price_outliers
inner join staging.vaults using (vault_number)
