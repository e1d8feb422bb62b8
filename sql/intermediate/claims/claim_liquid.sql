-- One row per vault: whether all shares could be redeemed at once with what is at hand.
-- Held where the assets at hand are 99.9 % of the total and nothing makes a redemption
-- wait: none does, the vault is not paused and has no cooldown. Broken where a
-- settlement passed a redemption over for want of assets; a wait by the vault's own
-- rules breaks nothing. What venues would give back at once is not read, so that assets
-- at work prove nothing either way.
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
        max(log_position) // 1_000_000 as block_number
    from intermediate.idle_assets
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

joined as (

    select
        vaults.vault_id,
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
        idle / nullif(total_assets, 0) as liquid_share,
        idle.observed_at,
        block_number,
        coalesce(is_covered, false) as is_covered
    from vaults
    left join redemptions using (vault_id)
    left join terms using (vault_id)
    left join paused using (vault_id)
    left join idle using (vault_id)
    left join coverage using (vault_id)
    left join totals using (vault_id)

)

select
    vault_id,
    case
        when times > 0 then 'broken'
        when liquid_share >= 0.999 and is_covered and not must_wait then 'held'
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
