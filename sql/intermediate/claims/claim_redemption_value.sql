-- One row per vault: whether every redemption was settled, and at the shares' value.
-- Broken by a settlement that paid over 0.01 % less than the price per share, less the
-- exit fee that it states, or that passed over a redemption that was due, and by a
-- redemption that waits for over 30 days and longer than any took that was settled: a
-- vault that no longer settles passes nothing over. Payments under a hundredth are
-- rounding. Broken by a price that counts assets known to be lost, as marts.backing has
-- it: whoever leaves at it takes from those who stay. Held only where all logs of the
-- vault are there, to the as-of day, and no request is left unpaid.
-- grain: vault_id
with

vaults as (

    select * from staging.vaults

),

requests as (

    select
        *,
        (1 + shortfall) / nullif(1 - exit_fee, 0) - 1 < -0.0001
            and shares * realised_price >= 0.01 as is_short
    from intermediate.redemptions

),

redemptions as (

    select
        vault_id,
        count(*) filter (status = 'settled') as settled,
        count(*) filter (status = 'waiting') as waiting,
        count(*) filter (status = 'unknown') as unsettled,
        count(*) filter (reason = 'logs_missing') as untold,
        count(*) filter (is_short) as short,
        max(exit_fee) as highest_exit_fee,
        count(*) filter (times_passed_over > 0) as passed_over,
        min(block_number) filter (times_passed_over > 0 or is_short) as broken_block,
        median(waited_days) filter (status = 'settled') as median_days,
        max(waited_days) filter (status = 'settled') as longest_days,
        max(waited_days) filter (status = 'waiting') as waiting_days,
        -- who is in a cooldown, or may not have come to claim, is not kept waiting
        max(waited_days) filter (reason = 'still_waiting') as kept_days,
        arg_max(block_number, waited_days) filter (reason = 'still_waiting')
            as waiting_block,
        kept_days > greatest(30, coalesce(longest_days, 0)) as is_left_waiting,
        min((1 + price_change) / nullif(1 - coalesce(exit_fee, 0), 0) - 1)
            as worst_change,
        min(block_number) as from_block,
        max(coalesce(settled_block, block_number)) as to_block,
        count(*) filter (
            status = 'settled' and shortfall is null
        ) as unpriced
    from requests
    group by vault_id

),

coverage as (

    select
        vault_id,
        is_covered,
        known_until
    from intermediate.contract_coverage
    where role = 'vault'

),

legs as (

    select
        vault_id,
        bool_and(is_accounted_for) as is_accounted_for
    from intermediate.lagoon_settlement_legs
    group by vault_id

),

traces as (

    select distinct
        vault_id,
        true as has_traces
    from intermediate.missing_logs

),

findings as (

    select
        vault_id,
        lost_day,
        lost_until,
        lost_share,
        last_day = as_of and last_verdict = 'illiquid'
            and not evidence.is_synchronous as is_unpaid
    from intermediate.backing_findings
    cross join intermediate.fact_limits

),

-- of a vault without settlements a trace tells of a log that is missing
wholes as (

    select
        vault_id,
        coalesce(is_accounted_for, has_traces is null) as is_whole
    from vaults
    left join legs using (vault_id)
    left join traces using (vault_id)

)

select
    vaults.vault_id,
    case
        when short > 0 or passed_over > 0 or is_left_waiting
            or lost_day is not null then 'broken'
        when settled > 0 and unpriced = 0 and unsettled = 0
            and not coalesce(is_unpaid, false)
            and is_whole and coalesce(is_covered, false)
            then 'held'
        else 'not provable'
    end as verdict,
    concat_ws('; ', case
        when lost_day is not null
            then format(
                'the price counted assets known to be lost, {:.2f} % at worst, {}',
                100 * lost_share,
                if(lost_day = lost_until, format('on {}', lost_day), format(
                    'between {} and {}', lost_day, lost_until
                ))
            )
    end, case
        when redemptions.vault_id is null
            then 'no request to redeem is in the logs, or the vault does not queue them'
        when unsettled > coalesce(untold, 0)
            then format('{} requests, and no event tells of settlements', unsettled)
        else format(
            '{} redemptions settled after {:.1f} days (median; longest {:.1f}), {} of '
            || 'them for less than their value; {} passed over by a settlement; '
            || '{} waiting{}{}; the price moved {:+.2f} % at worst between request and '
            || 'settlement{}{}{}',
            settled,
            coalesce(median_days, 0),
            coalesce(longest_days, 0),
            short,
            passed_over,
            waiting,
            case when waiting > 0 then format(', {:.1f} days so far', waiting_days)
            else '' end,
            case when untold > 0
                    then format(
                        '; of {} nobody knows, because logs of settlements are missing',
                        untold
                    )
            else '' end,
            -- no minus before what rounds to nothing
            round(100 * coalesce(worst_change, 0), 2) + 0.0,
            case
                when highest_exit_fee > 0
                    then format(
                        '; an exit fee of up to {:.2f} % was kept, as the vault states',
                        100 * highest_exit_fee
                    )
                else ''
            end,
            case when is_whole then ''
            else '; logs of the vault are missing' end,
            case
                when is_covered then ''
                when known_until is null
                    then '; the sources do not hold all logs of the vault'
                else format(
                    '; the sources do not hold all logs of the vault to the as-of day: '
                    || 'the last is of {}',
                    strftime(make_timestamp(epoch_us(known_until)), '%Y-%m-%d')
                )
            end
        )
    end) as evidence,
    from_block,
    to_block,
    coalesce(broken_block, case when is_left_waiting then waiting_block end)
        as broken_block
from vaults
left join redemptions using (vault_id)
inner join wholes using (vault_id)
left join coverage using (vault_id)
left join findings using (vault_id)
