-- One row per vault: whether every redemption was settled, and at the shares' value.
-- Broken by a settlement that paid over 0.01 % less than the price per share or that
-- passed over a redemption that was due, and by a redemption that waits for over 30
-- days and longer than any took that was settled: a vault that no longer settles passes
-- nothing over. Payments under a hundredth are rounding.
-- grain: vault_id
with

vaults as (

    select * from staging.vaults

),

redemptions as (

    select
        vault_id,
        count(*) filter (status = 'settled') as settled,
        count(*) filter (status = 'waiting') as waiting,
        count(*) filter (status = 'unknown') as unsettled,
        count(*) filter (reason = 'logs_missing') as untold,
        count(*) filter (
            shortfall < -0.0001 and shares * realised_price >= 0.01
        ) as short,
        count(*) filter (times_passed_over > 0) as passed_over,
        min(block_number) filter (
            times_passed_over > 0
                or (shortfall < -0.0001 and shares * realised_price >= 0.01)
        ) as broken_block,
        median(waited_days) filter (status = 'settled') as median_days,
        max(waited_days) filter (status = 'settled') as longest_days,
        max(waited_days) filter (status = 'waiting') as waiting_days,
        arg_max(block_number, waited_days) filter (status = 'waiting')
            as waiting_block,
        waiting_days > greatest(30, coalesce(longest_days, 0)) as is_left_waiting,
        min(price_change) as worst_change,
        min(block_number) as from_block,
        max(coalesce(settled_block, block_number)) as to_block,
        count(*) filter (
            status = 'settled' and shortfall is null
        ) as unpriced
    from intermediate.redemptions
    group by vault_id

),

legs as (

    select
        vault_id,
        bool_and(is_accounted_for) as is_accounted_for
    from intermediate.lagoon_settlement_legs
    group by vault_id

)

select
    vaults.vault_id,
    case
        when short > 0 or passed_over > 0 or is_left_waiting then 'broken'
        when settled > 0 and unpriced = 0 and unsettled = 0
            and coalesce(is_accounted_for, false) then 'held'
        else 'not provable'
    end as verdict,
    case
        when redemptions.vault_id is null
            then 'no request to redeem is in the logs, or the vault does not queue them'
        when unsettled > coalesce(untold, 0)
            then format('{} requests, and no event tells of settlements', unsettled)
        else format(
            '{} redemptions settled after {:.1f} days (median; longest {:.1f}), {} of '
            || 'them for less than their value; {} passed over by a settlement; '
            || '{} waiting{}{}; the price moved {:+.2f} % at worst between request and '
            || 'settlement{}',
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
            100 * coalesce(worst_change, 0),
            case when coalesce(is_accounted_for, false) then ''
            else '; logs of the vault are missing' end
        )
    end as evidence,
    from_block,
    to_block,
    coalesce(broken_block, case when is_left_waiting then waiting_block end)
        as broken_block
from vaults
left join redemptions using (vault_id)
left join legs using (vault_id)
