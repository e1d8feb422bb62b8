-- One row per vault: whether all shares could be redeemed at once with what is at hand.
-- Held where the assets that pay redemptions, less what is owed, are 99.9 % of the
-- total, or as much can be withdrawn on the as-of day as marts.backing knows, and
-- nothing makes a redemption wait: none does, the vault is not paused and has no
-- cooldown. A vault that redeems at once pays with its own balance, not with a Safe's.
-- Broken where a settlement passed a redemption over for want of assets, or nothing
-- came out of most of the assets on some day; a wait by the vault's own rules breaks
-- nothing. Where nobody tells what venues would give back at once assets at work prove
-- nothing either way, nor does anything as long as another token is owed, or where
-- assets are known to be lost.
-- grain: vault_id
with

vaults as (

    select * from staging.vaults

),

redemptions as (

    select
        vault_id,
        count(*) filter (times_passed_over > 0) as times,
        min(block_number) filter (times_passed_over > 0) as broken_block,
        count(*) filter (status = 'waiting') as waiting,
        count(*) filter (status = 'unknown') as unsettled,
        sum(shares) filter (status in ('waiting', 'unknown')) as open_shares
    from intermediate.redemptions
    group by vault_id

),

terms as (

    select * from intermediate.redemption_terms

),

paused as (

    select
        vault_id,
        string_agg(contract, ', ' order by contract) as paused
    from intermediate.pauses
    where is_paused
    group by vault_id

),

idle as (

    select
        vault_id,
        max(block_at) as observed_at,
        arg_max(idle, log_position) as idle,
        arg_max(at_hand, log_position) as at_hand,
        max(log_position) // 1_000_000 as block_number
    from intermediate.idle_assets
    group by vault_id

),

debts as (

    select
        vault_id,
        sum(debt) as debt
    from (
        select
            vault_id,
            arg_max(debt_raw, log_position)::double
                / any_value(10::double ^ asset_decimals) as debt
        from intermediate.debt_levels
        inner join vaults using (vault_id)
        group by vault_id, venue, market
    )
    group by vault_id

),

-- what is owed in another token, or in one that nobody tells
other_debts as (

    select
        vault_id,
        count(*) as other_debts
    from intermediate.other_positions
    where side = 'debt' and is_open
    group by vault_id

),

coverage as (

    select
        vault_id,
        bool_and(is_covered) as is_covered
    from intermediate.contract_coverage
    where role = 'asset'
    group by vault_id

),

totals as (

    select
        vault_id,
        arg_max(total_assets, observed_at) as total_assets
    from intermediate.asset_totals
    group by vault_id

),

findings as (

    select
        vault_id,
        stuck_day,
        stuck_until,
        stuck_share,
        last_day,
        if(last_day = as_of, evidence.withdrawable_share, null) as withdrawable_share,
        if(evidence.is_least, 'at least ', '') as at_least,
        last_day = as_of and last_verdict in ('unbacked', 'impaired', 'illiquid')
            as is_doubted
    from intermediate.backing_findings
    cross join intermediate.fact_limits

),

joined as (

    select
        vaults.vault_id,
        stuck_day,
        stuck_until,
        stuck_share,
        last_day,
        withdrawable_share,
        at_least,
        coalesce(is_doubted, false) as is_doubted,
        times,
        broken_block,
        waiting,
        unsettled,
        open_shares,
        paused,
        cooldown_seconds / 86400 as cooldown_days,
        coalesce(waiting + unsettled > 0, false)
            or coalesce(cooldown_seconds > 0, false)
            or paused is not null as must_wait,
        (at_hand - coalesce(debt, 0)) / nullif(total_assets, 0) as liquid_share,
        (idle - at_hand) / nullif(total_assets, 0) as elsewhere_share,
        debt / nullif(total_assets, 0) as debt_share,
        coalesce(other_debts, 0) as other_debts,
        idle.observed_at,
        block_number,
        coalesce(is_covered, false) as is_covered
    from vaults
    left join redemptions using (vault_id)
    left join terms using (vault_id)
    left join paused using (vault_id)
    left join idle using (vault_id)
    left join debts using (vault_id)
    left join other_debts using (vault_id)
    left join coverage using (vault_id)
    left join totals using (vault_id)
    left join findings using (vault_id)

)

select
    vault_id,
    case
        when times > 0 or stuck_day is not null then 'broken'
        when (
            liquid_share >= 0.999 and is_covered or withdrawable_share >= 0.999
        )
        and not must_wait and other_debts = 0 and not is_doubted then 'held'
        else 'not provable'
    end as verdict,
    concat_ws(
        '; ',
        case
            when times > 0
                then format(
                    '{} redemptions that were due were passed over for want of assets',
                    times
                )
        end,
        case
            when stuck_day is not null
                then format(
                    'nothing came out of {:.2f} % of the claimed assets at worst, {}',
                    100 * stuck_share,
                    if(stuck_day = stuck_until, format('on {}', stuck_day), format(
                        'between {} and {}', stuck_day, stuck_until
                    ))
                )
        end,
        case
            when withdrawable_share is not null
                then format(
                    '{}{:.2f} % of the claimed assets could be withdrawn on {}',
                    at_least, 100 * least(withdrawable_share, 1), last_day
                )
        end,
        case when paused is not null then format('paused: {}', paused) end,
        case
            when cooldown_days > 0
                then format(
                    'a redemption is paid {:.1f} days after it is asked for, by the '
                    || 'vault''s cooldown',
                    cooldown_days
                )
        end,
        case when waiting > 0 then format('redemptions waiting: {}', waiting) end,
        case
            when unsettled > 0
                then format(
                    'redemptions asked for that no event shows settled: {}', unsettled
                )
        end,
        case
            when open_shares > 0 then format('{:,.2f} shares in all', open_shares)
        end,
        case
            when elsewhere_share > 0.001
                then format(
                    '{:.2f} % lie in accounts from which the vault cannot pay',
                    100 * elsewhere_share
                )
        end,
        case
            when debt_share > 0
                then format(
                    'debts of {:.2f} % of the assets come off', 100 * debt_share
                )
        end,
        case
            when other_debts > 0
                then format('debts in other tokens: {}', other_debts)
        end,
        case
            when liquid_share is null
                and coalesce(withdrawable_share, stuck_share) is not null then null
            when liquid_share is null
                then 'what is at hand cannot be told: the asset''s transfers, or the '
                    || 'vault''s total, are not there'
            else format(
                '{:.2f} % of the assets were at hand at the last transfer on {}{}{}',
                100 * liquid_share,
                strftime(make_timestamp(epoch_us(observed_at)), '%Y-%m-%d'),
                case when liquid_share >= 0.999 then ''
                else ', and what venues would give back at once is not read' end,
                case when is_covered then ''
                else ', as far as the sources hold transfers' end
            )
        end
    ) as evidence,
    least(block_number, broken_block) as from_block,
    coalesce(block_number, broken_block) as to_block,
    broken_block
from joined
