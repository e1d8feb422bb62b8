-- One row per vault: whether all shares could be redeemed at once with what is at hand.
-- Held where the assets at hand are 99.9 % of the total, nothing waits to be redeemed
-- and no cooldown delays it; broken where a settlement passed a redemption over for
-- want of assets. What venues would give back at once is not read, so that assets at
-- work prove nothing either way.
-- grain: vault_id
with

vaults as (

    select * from staging.vaults

),

passed as (

    select
        vault_id,
        count(*) as times,
        min(block_number) as broken_block
    from intermediate.redemptions
    where times_passed_over > 0
    group by vault_id

),

waiting as (

    select
        vault_id,
        count(*) as requests,
        sum(shares) as shares,
        bool_or(status = 'unknown') as is_untold
    from intermediate.redemptions
    where status in ('waiting', 'unknown')
    group by vault_id

),

delays as (

    select * from intermediate.susde_redemption_delays where delay_seconds > 0

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
        waiting.requests,
        waiting.shares,
        waiting.is_untold,
        delay_seconds,
        waiting.requests is null and delay_seconds is null as is_at_once,
        idle / nullif(total_assets, 0) as liquid_share,
        idle.observed_at,
        block_number,
        coalesce(is_covered, false) as is_covered
    from vaults
    left join passed using (vault_id)
    left join waiting using (vault_id)
    left join delays using (vault_id)
    left join idle using (vault_id)
    left join coverage using (vault_id)
    left join totals using (vault_id)

)

select
    vault_id,
    case
        when times > 0 then 'broken'
        when liquid_share >= 0.999 and is_covered and is_at_once then 'held'
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
            when delay_seconds is not null
                then format(
                    'a redemption takes a cooldown of {:.1f} days',
                    delay_seconds / 86400
                )
        end,
        case
            when requests is not null
                then format(
                    '{} for {:,.6g} shares {}',
                    if(requests = 1, '1 request', requests || ' requests'),
                    shares,
                    case
                        when is_untold then 'may wait'
                        when requests = 1 then 'waits'
                        else 'wait'
                    end
                )
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
