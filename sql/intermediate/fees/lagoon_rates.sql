-- One row per Lagoon valuation: the fee rates in force, in hundredths of a percent.
-- source: event where RatesUpdated tells them. Until its timestamp the old ones stand,
-- but in v0.6, which looks at no timestamp: an upgrade puts what waits in force.
-- Where no event does they are the same all the vault's life: state where they were
-- read from the vault, else told where fees that v0.6 states tell them (a management
-- fee shows wherever there is one), else recovered: those that its mints amount to,
-- rounded to the whole hundredth of a percent. The management rate is seen where the
-- price is under the high-water mark, the performance rate in the rest of the fee where
-- it is above. marts.fees proves or refutes both.
-- grain: vault_id, log_position
-- stored
with

valuations as (

    select * from intermediate.lagoon_valuations

),

updates as (

    select
        vault_id,
        log_position,
        to_timestamp((arguments->>'timestamp')::bigint) as valid_from,
        (arguments->'oldRates'->>0)::integer as old_management,
        (arguments->'oldRates'->>1)::integer as old_performance,
        (arguments->'newRate'->>0)::integer as new_management,
        (arguments->'newRate'->>1)::integer as new_performance,
        row_number() over (partition by vault_id order by log_position) as place
    from intermediate.vault_events
    where event = 'RatesUpdated'

),

first_updates as (

    select * from updates where place = 1

),

told as (

    select
        valuations.vault_id,
        valuations.log_position,
        case
            when updates.vault_id is null then first_updates.old_management
            when valuations.block_at < updates.valid_from and not is_v6
                then updates.old_management
            else updates.new_management
        end as management_rate,
        case
            when updates.vault_id is null then first_updates.old_performance
            when valuations.block_at < updates.valid_from and not is_v6
                then updates.old_performance
            else updates.new_performance
        end as performance_rate
    from valuations
    inner join first_updates
        on valuations.vault_id = first_updates.vault_id
    asof left join updates
        on valuations.vault_id = updates.vault_id
        and valuations.log_position >= updates.log_position

),

-- without an update any reading of them is as good as the last
states as (

    select
        vaults.vault_id,
        arg_max(states.text::json, states.block_number) as rates
    from staging.states as states
    inner join staging.vaults as vaults using (chain_id, address)
    where states.field = 'feeRates' and states.status = 'ok'
    group by vaults.vault_id

),

read as (

    select
        valuations.vault_id,
        valuations.log_position,
        (rates->>0)::integer as management_rate,
        (rates->>1)::integer as performance_rate
    from valuations
    anti join first_updates using (vault_id)
    inner join states using (vault_id)

),

untold as (

    select
        *,
        total_assets_raw::double * elapsed_seconds / 31536000 / 10000
            as management_unit,
        net_price * 10::double ^ asset_decimals as net_price_raw
    from valuations
    anti join first_updates using (vault_id)
    anti join states using (vault_id)
    where not is_v6 and is_priced and is_accounted_for and elapsed_seconds > 0

),

-- a hundredth of a percent of a few raw units would be lost in rounding
management as (

    select
        vault_id,
        quantile_disc(round(fee_assets_raw / management_unit), 0.5) as management_rate
    from untold
    where management_unit >= 10 and net_price_raw <= high_water_mark_raw::double - 1
    group by vault_id

),

gains as (

    select
        untold.*,
        management_rate,
        -- the contract rounds the price it compares up to a raw unit
        (
            ceil(
                ((total_assets_raw + 1::bignum)::double
                    - management_rate * management_unit)
                    / (supply_before_raw::double + virtual_shares)
                    * 10::double ^ share_decimals
            )
            - high_water_mark_raw::double
        ) * supply_before_raw::double / 10::double ^ share_decimals / 10000
            as performance_unit
    from untold
    inner join management using (vault_id)

),

performance as (

    select
        vault_id,
        quantile_disc(
            round(
                (fee_assets_raw - management_rate * management_unit) / performance_unit
            ), 0.5
        ) as performance_rate
    from gains
    where performance_unit >= 10
    group by vault_id

),

stated as (

    select
        vault_id,
        coalesce(max(rate) filter (where fee_type = '0'), 0) as stated_management,
        max(rate) filter (where fee_type = '1') as stated_performance
    from intermediate.lagoon_fees_taken
    anti join first_updates using (vault_id)
    anti join states using (vault_id)
    where fee_type in ('0', '1')
    group by vault_id

),

recovered as (

    select
        valuations.vault_id,
        valuations.log_position,
        coalesce(stated_management, management_rate::integer) as management_rate,
        coalesce(stated_performance, performance_rate::integer) as performance_rate,
        if(stated.vault_id is null, 'recovered', 'told') as source
    from valuations
    left join stated using (vault_id)
    left join management using (vault_id)
    left join performance using (vault_id)
    where coalesce(stated_management, management.management_rate) between 0 and 10000
        and coalesce(stated_performance, performance.performance_rate, 0)
        between 0 and 10000

)

select
    vault_id,
    log_position,
    management_rate,
    performance_rate,
    'event' as source
from told

union all

select
    vault_id,
    log_position,
    management_rate,
    performance_rate,
    'state' as source
from read

union all

select
    vault_id,
    log_position,
    management_rate,
    performance_rate,
    source
from recovered
