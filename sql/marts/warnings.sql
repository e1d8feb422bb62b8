-- One row per vault and thing a reader must know before trusting its figures.
-- grain: vault_id, warning
-- units:
--   count: rows
-- columns:
--   vault_id: the vault's id in the config; empty: the whole run
--   warning: code
--   message: the warning in a sentence
--   rows: how many rows, days or price points the warning concerns
with

run as (

    select * from marts.run

),

vaults as (

    select * from marts.vaults

),

priced as (

    select * from vaults where price_points_count > 0

),

-- in one pass, because there are many
points as (

    select
        vault_id,
        count_if(is_inexact) as inexact_count,
        any_value(total_assets) filter (where is_inception) as first_assets
    from intermediate.price_points
    where is_inexact or is_inception
    group by vault_id

),

failed_reads as (

    select
        vault_id,
        count(*) as rows
    from staging.readings
    anti join staging.usd_readings using (file_id, line)
    cross join run
    where share_price is null and share_price_raw is null
        and total_assets_raw is null and observed_at < run.until_at
    group by vault_id

),

unconverted as (

    select
        vault_id,
        count(*) as rows,
        count(price_reason) as priceless,
        count(*) - count(price_reason) as assetless,
        any_value(benchmark) as benchmark
    from intermediate.usd_readings
    left join staging.asset_prices using (vault_id)
    where price_reason = 'no_asset_price' or assets_reason = 'no_asset_price'
    group by vault_id

),

conflicts as (

    select
        vault_id,
        count(*) as rows
    from intermediate.reading_repeats
    where is_conflict
    group by vault_id

),

timeless as (

    select
        vaults.vault_id,
        count(*) as rows,
        min(logs.block_number) as first_block
    from staging.logs
    inner join vaults using (chain_id, address)
    where block_at is null
    group by vaults.vault_id

),

undecoded as (

    select
        vaults.vault_id,
        reason,
        count(*) as rows
    from staging.undecoded
    inner join vaults using (chain_id, address)
    group by vaults.vault_id, reason

),

unaccounted as (

    select
        vault_id,
        count(*) as rows
    from intermediate.lagoon_settlement_legs
    where not is_accounted_for
    group by vault_id

),

traces as (

    select
        vault_id,
        count(*) as rows,
        min(block_number) as first_block,
        replace(string_agg(distinct trace, ', ' order by trace), '_', ' ') as kinds
    from intermediate.missing_logs
    group by vault_id

),

left_out as (

    select
        vault_id,
        count(*) as rows,
        count(*) filter (side = 'debt') as debts,
        count(*) filter (token = '') as untold,
        min(address) as address
    from intermediate.other_positions
    where is_open
    group by vault_id

),

unexplained as (

    select
        vault_id,
        count(*) as rows,
        sum(shares_raw)::double as shares_raw,
        min(block_number) as first_block
    from intermediate.undeposited_mints
    where kind = 'unexplained' and not is_log_missing
    group by vault_id

),

mark_resets as (

    select
        vault_id,
        count(*) as rows,
        arg_min(old_mark_raw, log_position)::double as mark_before,
        arg_min(new_mark_raw, log_position)::double as mark_after,
        min(block_at) as reset_at
    from intermediate.lagoon_mark_resets
    group by vault_id

),

bridged as (

    select
        vault_id,
        count(*) as rows,
        coalesce(sum(shares_raw) filter (is_mint), 0::bignum)::double as came_raw,
        coalesce(sum(shares_raw) filter (not is_mint), 0::bignum)::double as left_raw
    from intermediate.veda_unpaid_moves
    where partner is null
    group by vault_id

),

resets as (

    select
        vault_id,
        count(*) as rows,
        min(reset_at) as reset_at,
        arg_min(price_before, reset_at) as price_before,
        arg_min(price_after, reset_at) as price_after
    from intermediate.price_resets
    group by vault_id

),

suspicious as (

    select
        vault_id,
        kind,
        count(*) as rows,
        min(observed_at) as first_at,
        arg_min(previous_price, observed_at) as price_before,
        arg_min(share_price, observed_at) as price_after,
        min(simple_return) as worst_return,
        arg_min(observed_at, simple_return) as worst_at
    from intermediate.jumps
    where kind != 'step_up_without_deposit'
    group by vault_id, kind

),

contradicted as (

    select
        vault_id,
        count(*) as rows
    from intermediate.state_prices
    where is_contradicted
    group by vault_id

),

-- totals alone do not tell the fees that are due
due as (

    select
        vault_id,
        vault_number
    from intermediate.price_rules
    where counts_due_fees

),

feeless_readings as (

    select
        vault_id,
        observed_at
    from staging.readings
    semi join due using (vault_id)
    where share_price is null and share_price_raw is null

),

read_points as (

    select
        vault_id,
        observed_at
    from intermediate.price_sequences
    inner join due using (vault_number)
    where source_rank = intermediate.source_rank('reading')

),

feeless as (

    select
        vault_id,
        count(*) as rows
    from feeless_readings
    inner join read_points using (vault_id, observed_at)
    group by vault_id

),

gaps as (

    select
        vault_id,
        kind as warning,
        count(*) as rows,
        min(log_position) // 1_000_000 as first_block
    from intermediate.flow_gaps
    where kind in ('unexplained_burn', 'unexplained_flow')
    group by all

),

unlogged as (

    select
        vault_id,
        shares_raw::double / 10::double ^ vaults.share_decimals as shares
    from intermediate.unlogged_shares
    inner join staging.vaults using (vault_id)
    where is_missing

),

aside as (

    select
        reason,
        sum(rows_set_aside)::bigint as rows
    from marts.import_reasons
    group by reason

),

coinless as (

    select
        vault_id,
        reason,
        count(*) as rows,
        count(distinct (pool, pool_id)) as pools
    from marts.market_trades
    where reason in ('coins_unknown', 'asset_unknown')
    group by vault_id, reason

),

apart as (

    select
        vault_id,
        count(*) as rows
    from intermediate.pool_coins
    where is_apart
    group by vault_id

),

incomplete as (

    select
        vault_id,
        count(*) as rows,
        arg_min(detail, level) as detail
    from staging.verifications
    where fault_block is not null
    group by vault_id

),

disproved as (

    select
        contracts.vault_id,
        sum(disproved.missing)::bigint as rows,
        min(disproved.missing_block) as missing_block,
        arg_min(disproved.archive, disproved.missing_block) as archive,
        arg_min(disproved.address, disproved.missing_block) as address
    from intermediate.disproved_archives as disproved
    inner join staging.contracts as contracts using (chain_id, address)
    group by contracts.vault_id

),

signals as (

    select
        signals.*,
        vaults.asset_symbol
    from intermediate.price_signals as signals
    inner join vaults using (vault_id)

),

limits as (

    select * from staging.thresholds

),

-- what spoke against a vault when something was looked at last
findings as (

    select
        findings.*,
        last_day = as_of as is_current,
        case last_verdict
            when 'illiquid' then if(
                evidence.is_synchronous,
                format(
                    'nothing comes out of {:.2f} % of the assets that the vault claims '
                    || 'to have ({:,.0f} of {:,.0f} {})',
                    100 * evidence.stuck_share, evidence.stuck_assets,
                    evidence.claimed_assets, vaults.asset_symbol
                ),
                format(
                    'a request to redeem has waited for {} days unpaid',
                    evidence.oldest_request_days
                )
            )
            else format(
                '{:.2f} % of the assets that the price counts are known to be lost '
                || '({:,.0f} of {:,.0f} {})',
                100 * evidence.known_loss_share, evidence.known_loss,
                evidence.claimed_assets, vaults.asset_symbol
            )
        end as finding
    from intermediate.backing_findings as findings
    inner join vaults using (vault_id)
    cross join run
    where last_verdict in ('unbacked', 'impaired', 'illiquid')
        -- whether a request is paid is followed to the end
        and (last_day = as_of or last_verdict != 'illiquid' or evidence.is_synchronous)

),

later as (

    select sum(rows_after_as_of)::bigint as rows
    from marts.imports

)

select
    vault_id,
    'no_reading' as warning,
    'no price was observed by the as-of date, so there is nothing to measure'
        as message,
    0 as rows
from vaults
where status = 'no_reading'

union all

select
    vault_id,
    'not_started',
    'the vault never held the least assets that the start rule asks for',
    readings_count
from vaults
where status = 'not_started'

union all

select
    vault_id,
    'thin_start',
    format(
        'the record starts with {:,.2f} {} in the vault, under 0.1 % of the most it '
        || 'held ({:,.0f}); the returns of those thin first hours weigh as much as all '
        || 'later ones, and a start rule (min_total_assets) leaves them out',
        first_assets, asset_symbol, largest_total_assets
    ),
    1
from priced
inner join points using (vault_id)
where first_assets < 0.001 * largest_total_assets and not start_rule_applied

union all

select
    vault_id,
    if(is_current, last_verdict, 'verdict_lapsed'),
    if(
        is_current,
        finding,
        format(
            'when last looked at, on {}, the vault was {}: {}; nobody has shown that '
            || 'this is over',
            last_day, last_verdict, finding
        )
    ),
    1
from findings

union all

select
    vault_id,
    'implausible_growth',
    format(
        'the price grew at {} % a year over the last 30 days and {}{}',
        if(
            annual_rate < 1e9,
            format('{:,.0f}', 100 * annual_rate),
            'over 100,000,000,000'
        ),
        if(month_drawdown = 0, 'never fell', 'hardly fell'),
        coalesce(
            format(
                ', by {:,.2f} % in one step: what comes at once, as a gift or a late '
                || 'harvest, is no rate',
                100 * largest_step
            ),
            ': so does interest on debt that nobody will pay, and nobody may be able '
                || 'to leave at this price'
        )
    ),
    1
from signals
where is_implausible

union all

select
    vault_id,
    'emptied',
    format(
        'the vault holds {:,.2f} {}, under {:g} % of the most it held ({:,.0f}): its '
        || 'figures are those of a vault that nearly all have left',
        total_assets, asset_symbol, 100 * emptied_share, largest_total_assets
    ),
    1
from signals
cross join limits
where is_emptied

union all

select
    vault_id,
    'dust',
    format(
        'the vault holds {:,.2f} {}, under {:,.0f} US dollars: nobody has shown that '
        || 'its price holds for more', total_assets, asset_symbol, dust_assets
    ),
    1
from signals
cross join limits
where is_dust

union all

select
    vault_id,
    'no_exit',
    format(
        'no exit was paid in the last {:g} days{}', no_exit_days,
        coalesce(
            format(
                ', and requests for {:,.6g} shares have waited for longer',
                waiting_shares
            ),
            ': nobody has shown that shares can be redeemed now'
        )
    ),
    1
from signals
cross join limits
where lacks_exits

union all

select
    vault_id,
    'large_loss',
    format(
        'the price once fell by {:.2f} % from its peak, to its lowest on {}, and {}',
        -100 * largest_fall,
        strftime(fallen_at at time zone 'UTC', '%Y-%m-%d'),
        if(is_fall_open, 'has not come back', 'came back')
    ),
    1
from signals
where has_large_loss

union all

select
    vault_id,
    'start_rule_not_applied',
    'the start rule could not be applied, because the assets of the vault were '
        || 'not observed',
    price_points_count
from priced
cross join run
where run.min_total_assets is not null and not start_rule_applied

union all

select
    vault_id,
    'days_without_price',
    format(
        '{} of {} days have no price; the return over such days is one longer return, '
        || 'the longest over {:.1f} days',
        days_count - days_with_price, days_count, longest_gap_days
    ),
    days_count - days_with_price
from priced
where days_with_price < days_count

union all

select
    vault_id,
    'low_coverage',
    format(
        'coverage is {:.0f} %, under 95 %: ratios rest on returns of unequal length',
        100 * coverage
    ),
    days_with_price
from priced
where coverage < 0.95

union all

select
    vault_id,
    'short_history',
    format(
        'only {} returns: under 30, volatility and ratios are little more than noise',
        price_points_count - 1
    ),
    price_points_count - 1
from priced
where price_points_count < 31

union all

select
    vault_id,
    'short_annualisation',
    format(
        'annualised figures since inception rest on {:.1f} days, under 30',
        (epoch(last_at) - epoch(first_at)) / 86400
    ),
    price_points_count - 1
from priced
where price_points_count > 1 and last_at - first_at < interval 30 days

union all

select
    vault_id,
    'stale',
    format(
        'the last price is {:.1f} days older than the end of the as-of day: trailing '
        || 'and calendar figures are not given, those since inception end with it',
        (epoch(run.until_at) - epoch(last_at)) / 86400
    ),
    price_points_count
from priced
cross join run
where status = 'stale'

union all

select
    vault_id,
    'closed',
    'the last price is zero: the vault is a total loss',
    1
from priced
where status = 'closed'

union all

select
    vault_id,
    'flat',
    format(
        'the price was read but has not changed for {:.0f} days',
        (epoch(last_at) - epoch(last_change_at)) / 86400
    ),
    price_points_count
from priced
where is_flat

union all

select
    vault_id,
    'lost_assets',
    format(
        'the vault counts {:,.2f} {} as lost{}; its price still counts them: who '
        || 'redeems first is paid the price, and who is last is paid what is left',
        lost_assets, asset_symbol,
        coalesce(format(', {:.2f} % of its total assets', 100 * lost_share), '')
    ),
    1
from vaults
where lost_assets > 0

union all

select
    vault_id,
    'wrong_decimals',
    format(
        'the config has {}: figures that rest on it are wrong by powers of ten',
        string_agg(
            format(
                '{} decimals for {}, of which the contract says {}', configured,
                case field
                    when 'decimals' then 'shares'
                    when 'asset.decimals' then 'the asset'
                    else 'the asset, in whose unit the price is posted'
                end,
                answered
            ),
            '; ' order by field
        )
    ),
    count(*)
from intermediate.wrong_decimals
group by vault_id

union all

select
    vault_id,
    'paused',
    format(
        'paused, as last read: {}, since {} or shortly before; what it stops does not '
        || 'work until it is released', paused,
        strftime(paused_since at time zone 'UTC', '%Y-%m-%d %H:%M')
    ),
    1
from vaults
where paused is not null

union all

select
    vault_id,
    'price_contradicted',
    format(
        'at {} blocks the price by the vault''s own formula does not round to what '
        || 'pricePerShare answers', rows
    ),
    rows
from contradicted

union all

select
    vault_id,
    'fees_not_in_price',
    format(
        '{} price points are computed from total assets and supply, which do not tell '
        || 'the fees that are due and not yet minted: the contract''s own price is '
        || 'lower by them', rows
    ),
    rows
from feeless

union all

select
    vault_id,
    'failed_reads',
    format('{} reads gave no usable price and were left out', rows),
    rows
from failed_reads

union all

select
    vault_id,
    'no_asset_price',
    concat(
        if(rows = 1, '1 reading is', rows || ' readings are'),
        ' in US dollars, and nothing tells what the asset cost that day: ',
        case priceless
            when 0 then ''
            when 1 then '1 gives no price and was left out'
            else priceless || ' give no price and were left out'
        end,
        if(priceless > 0 and assetless > 0, ', ', ''),
        case assetless
            when 0 then ''
            when 1 then '1 gives no total assets'
            else assetless || ' give no total assets'
        end,
        '; ',
        coalesce(
            format(
                'the benchmark {} has no value on {}',
                benchmark, if(rows = 1, 'that day', 'these days')
            ),
            'the config can name a benchmark (asset_price)'
        )
    ),
    rows
from unconverted

union all

select
    vault_id,
    'conflicting_readings',
    format('at {} moments readings differ; all of them were left out', rows),
    rows
from conflicts

union all

select
    vault_id,
    'inexact_integers',
    format(
        'at {} price points the source wrote amounts as decimals, rounded floats or in '
        || 'US dollars',
        inexact_count
    ),
    inexact_count
from points
where inexact_count > 0

union all

select
    vault_id,
    'logs_without_time',
    format(
        '{} logs have no block time and price nothing yet, first in block {}',
        rows, first_block
    ),
    rows
from timeless

union all

select
    vault_id,
    case reason when 'undecodable' then 'undecodable_logs' else 'unknown_events' end,
    case reason
        when 'undecodable'
            then format(
                '{} logs do not fit the event they name and were left out', rows
            )
        else format('{} logs are of events this vault family does not know', rows)
    end,
    rows
from undecoded

union all

select
    vault_id,
    'supply_mismatch',
    format(
        'at {} settlements the share supply is not the sum of the mints and burns in '
        || 'the logs: logs are missing, and the price is taken from the settlement '
        || 'itself',
        rows
    ),
    rows
from unaccounted

union all

select
    vault_id,
    warning,
    format(
        case warning
            when 'unexplained_burn'
                then '{} times a holder''s shares were burned and no event says why, '
                    || 'first in block {}: what was paid for them is not known'
            else '{} times a holder''s deposits or withdrawals state more shares than '
                || 'moved, first in block {}, though no log is missing'
        end,
        rows, first_block
    ),
    rows
from gaps

union all

select
    vault_id,
    'logs_missing',
    format(
        '{} that others are missing, first in block {}: {}; what rests on all flows '
        || 'is not given',
        if(rows = 1, '1 log shows', rows || ' logs show'), first_block, kinds
    ),
    rows
from traces

union all

select
    vault_id,
    'supply_not_in_logs',
    format(
        'the contract counts {:+.6f} shares more than the mints and burns in the '
        || 'logs add up to: logs are missing',
        shares
    ),
    1
from unlogged

union all

select
    vault_id,
    'unexplained_mint',
    format(
        '{}, first in block {}: no deposit asked for the shares, and neither the '
        || 'contract nor the config names the receiver for fees; {:,.6g} shares in '
        || 'all, which count as no fee',
        if(rows = 1, '1 mint is not explained', rows || ' mints are not explained'),
        first_block, unexplained.shares_raw / 10::double ^ share_decimals
    ),
    rows
from unexplained
inner join vaults using (vault_id)

union all

select
    vault_id,
    case reason
        when 'coins_unknown' then 'pool_coins_unknown'
        else 'pool_asset_unknown'
    end,
    format(
        case reason
            when 'coins_unknown' then 'no price for {} in {}: neither the pool, which '
                || 'a node can ask, nor the config says what its coins are, or none of '
                || 'them is the share'
            else 'no price for {} in {}: neither the vault, which a node can ask, '
                || 'nor the config says what its asset is'
        end,
        if(rows = 1, '1 trade', rows || ' trades'),
        if(pools = 1, '1 pool', pools || ' pools')
    ),
    rows
from coinless

union all

select
    vault_id,
    'pool_coins_differ',
    'the config names other coins than the pool itself does, whose answer counts',
    rows
from apart

union all

select
    vault_id,
    'positions_left_out',
    format(
        '{} (of which debts: {}) in another token than the vault''s asset, or in one '
        || 'that nothing tells ({}), first at {}: in no figure of marts.allocations',
        if(rows = 1, '1 position', rows || ' positions'), debts, untold, address
    ),
    rows
from left_out

union all

select
    vault_id,
    'bridged_shares',
    format(
        '{:,.6g} shares left for other chains and {:,.6g} came from them: the supply '
        || 'here is not the whole vault''s',
        left_raw / 10::double ^ share_decimals, came_raw / 10::double ^ share_decimals
    ),
    rows
from bridged
inner join vaults using (vault_id)

union all

select
    vault_id,
    'high_water_mark_reset',
    format(
        'the high-water mark was set down {}, first from {:.6f} to {:.6f} on {}: gains '
        || 'up to the old mark, which had paid a performance fee, pay it again',
        if(rows = 1, 'once', rows || ' times'),
        mark_before / 10::double ^ asset_decimals,
        mark_after / 10::double ^ asset_decimals,
        strftime(reset_at, '%Y-%m-%d')
    ),
    rows
from mark_resets
inner join vaults using (vault_id)

union all

select
    vault_id,
    'price_reset',
    format(
        'all shares were redeemed and the vault was opened again {}: its price '
        || 'began anew, first with the step from {:.6f} to {:.6f} on {}, which is in '
        || 'the figures though no holder gained or lost by it',
        if(rows = 1, 'once', rows || ' times'), price_before, price_after,
        strftime(reset_at, '%Y-%m-%d')
    ),
    rows
from resets

union all

select
    vault_id,
    kind,
    format(
        case kind
            when 'spike_reverts' then '{} the price was far off and came back '
                || 'within a week, most likely read or valued wrongly, first from '
                || '{:.6f} to {:.6f} on {}; this is in the figures, and '
                || 'performance_without_spikes has them without it'
            when 'outlier_within_day' then '{} the price was far off and came back '
                || 'within the day, most likely read wrongly, first from {:.6f} to '
                || '{:.6f} on {}; no price point is made of it, and so no figure'
            when 'step_down' then '{} the price fell by far more than it usually '
                || 'moves, first from {:.6f} to {:.6f} on {}{}; this is in the figures'
            else '{} the price jumped by a power of ten or with an upgrade of '
                || 'the contract, first from {:.6f} to {:.6f} on {}; this is in the '
                || 'figures'
        end,
        if(rows = 1, 'once', rows || ' times'), price_before, price_after,
        strftime(first_at, '%Y-%m-%d'),
        if(
            rows = 1,
            format(', by {:.2f} %', -100 * worst_return),
            format(
                ', at worst by {:.2f} % on {}',
                -100 * worst_return, strftime(worst_at, '%Y-%m-%d')
            )
        )
    ),
    rows
from suspicious

union all

select
    vault_id,
    'history_incomplete',
    'the event history failed its verification against the chain: ' || detail,
    rows
from incomplete

union all

select
    vault_id,
    'archive_not_complete',
    format(
        'the files {} are marked as complete, but a node has {} logs that they lack, '
        || 'the first of {} in block {}: they prove no absence',
        archive, rows, address, missing_block
    ),
    rows
from disproved

union all

select
    vault_id,
    'claim_broken_' || claim,
    'a claim made of such vaults does not hold here: ' || statement,
    1
from marts.claims
where verdict = 'broken'

union all

select
    '',
    'set_aside_' || reason,
    format(
        '{} set aside: {}',
        if(rows = 1, '1 row was', rows || ' rows were'), replace(reason, '_', ' ')
    ),
    rows
from aside

union all

select
    '',
    'rows_after_as_of',
    format(
        '{} later than the as-of date and will be read by a later run',
        if(rows = 1, '1 row is', rows || ' rows are')
    ),
    rows
from later
where rows > 0
