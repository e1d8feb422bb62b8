-- One row per vault with a price point: what its prices and flows alone warn of.
-- The state of a vault can tell more; where nothing of it was read this is all.
-- Interest on debt that nobody will pay makes a price rise without a fall, the faster
-- the worse it gets: a rate over 30 days above implausible_rate with no fall below
-- implausible_drawdown. A vault is emptied where it holds less than emptied_share of
-- the most that it held, and dust where that is less than dust_assets US dollars, which
-- nothing at all is of any asset; that it pays no exit says nothing more then.
-- Where the month has no rate, because the vault is too young or stale, growth shows
-- nothing.
-- grain: vault_id
-- stored
with

limits as (

    select * from staging.thresholds

),

months as (

    select
        vault_id,
        drawdowns.growth_per_year - 1 as annual_rate,
        drawdowns.max_drawdown as month_drawdown,
        -- one that is over half of the month's growth, compounded
        case when (1 + highest_return) ^ 2 > end_price / start_price
            then highest_return
        end as largest_step
    from intermediate.period_drawdowns as drawdowns
    inner join intermediate.period_statistics using (vault_id, period)
    where period = '30d' and drawdowns.period_reason is null

),

spiked as (

    select distinct vault_number
    from intermediate.jumps
    where kind = 'spike_reverts'

),

-- the way back from a wrong price is no loss
episodes as (

    select
        vault_number,
        depth,
        trough_at,
        is_open
    from intermediate.drawdown_episodes
    anti join spiked using (vault_number)
    union all
    select
        vault_number,
        depth,
        trough_at,
        is_open
    from intermediate.clean_drawdown_episodes

),

falls as (

    select
        vault_number,
        min(depth) as largest_fall,
        arg_min(trough_at, depth) as fallen_at,
        arg_min(is_open, depth) as is_open
    from episodes
    group by vault_number

)

select
    records.vault_id,
    months.annual_rate,
    months.month_drawdown,
    months.largest_step,
    lasts.total_assets,
    records.largest_total_assets,
    falls.largest_fall,
    falls.fallen_at,
    falls.is_open as is_fall_open,
    exits.waiting_shares,
    coalesce(
        annual_rate > implausible_rate and month_drawdown > implausible_drawdown, false
    ) as is_implausible,
    coalesce(total_assets < emptied_share * largest_total_assets, false) as is_emptied,
    coalesce(
        total_assets < dust_assets
        and (dollars.vault_id is not null or total_assets = 0),
        false
    ) as is_dust,
    coalesce(largest_fall <= large_loss, false) as has_large_loss,
    exits.vault_id is not null and not is_emptied and not is_dust as lacks_exits
from intermediate.track_records as records
inner join intermediate.last_assets as lasts using (vault_id)
cross join limits
left join months using (vault_id)
left join falls using (vault_number)
left join staging.dollar_vaults as dollars on records.vault_id = dollars.vault_id
left join intermediate.lacking_exits as exits on records.vault_id = exits.vault_id
