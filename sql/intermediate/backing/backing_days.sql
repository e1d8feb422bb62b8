-- One row per vault and day of which something is known: what stands behind its price.
-- Columns, formulas and verdicts are those of marts.backing.
-- grain: vault_id, day
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

vaults as (

    select
        vault_id,
        coalesce(is_synchronous, true) as is_synchronous
    from staging.synchronous

),

told as (

    select * from intermediate.backing_facts

),

pivoted as (

    select
        vault_id,
        fact_date,
        max(amount) filter (fact = 'lost_assets') as lost_assets,
        max(amount) filter (fact = 'idle_assets') as idle_assets,
        max(amount) filter (fact = 'withdrawable_assets') as all_withdrawable_assets,
        max(amount) filter (fact = 'withdrawable_at_least') as withdrawable_at_least,
        max(amount) filter (fact = 'utilisation') as utilisation,
        nullif(max(amount) filter (fact = 'stuck_assets'), 0) as told_stuck_assets,
        max(amount) filter (fact = 'allocated_assets') as allocated_assets,
        max(amount) filter (fact = 'judged_assets') as judged_assets,
        max(amount) filter (fact = 'market_stuck_assets') as market_stuck_assets,
        max(amount) filter (fact = 'market_valued_assets') as market_valued_assets,
        max(amount) filter (fact = 'bad_debt') as bad_debt,
        max(amount) filter (fact = 'market_utilisation') as market_utilisation,
        max(detail) filter (fact = 'market_utilisation') as market,
        max(amount) filter (fact = 'oldest_days') as oldest_days,
        max(amount) filter (fact = 'paused') as paused,
        coalesce(
            max(amount) filter (fact = 'total_assets'),
            max(amount) filter (fact = 'claimed_assets')
        ) as claimed_assets,
        max(observed_at) as told_at
    from told
    group by vault_id, fact_date

),

measured as (

    select
        pivoted.*,
        vaults.is_synchronous,
        coalesce(
            all_withdrawable_assets,
            case when told_stuck_assets is not null then withdrawable_at_least end
        ) as withdrawable_assets,
        case
            when lost_assets is not null or bad_debt is not null
                then coalesce(lost_assets, 0) + coalesce(bad_debt, 0)
        end as known_loss,
        greatest(
            told_stuck_assets,
            market_stuck_assets,
            case when paused = 1 then claimed_assets end,
            case
                when all_withdrawable_assets <= claimed_assets * (1 - full_utilisation)
                    then claimed_assets - all_withdrawable_assets
                when all_withdrawable_assets is not null then 0
            end
        ) as stuck_assets,
        case
            when coalesce(
                all_withdrawable_assets, withdrawable_at_least, idle_assets,
                market_valued_assets
            ) is not null
                then greatest(
                    coalesce(all_withdrawable_assets, 0),
                    coalesce(withdrawable_at_least, 0),
                    coalesce(idle_assets, 0) + coalesce(market_valued_assets, 0)
                )
        end as valued_assets
    from pivoted
    inner join vaults using (vault_id)
    cross join limits

),

shares as (

    select
        *,
        known_loss / nullif(claimed_assets, 0) as known_loss_share,
        stuck_assets / nullif(claimed_assets, 0) as stuck_share,
        -- least and greatest pass over nulls
        if(
            valued_assets > claimed_assets, 1, valued_assets / nullif(claimed_assets, 0)
        ) as valued_share
    from measured

),

judged as (

    select
        shares.*,
        case
            when known_loss_share >= unbacked_share then 'unbacked'
            when known_loss_share >= impaired_share then 'impaired'
            when is_synchronous and stuck_share >= illiquid_share
                or not is_synchronous and oldest_days is not null then 'illiquid'
            when valued_share >= backed_share then 'backed'
            else 'unknown'
        end as verdict,
        [
            struct_pack(name := 'losses', is_known := lost_assets is not null),
            struct_pack(name := 'bad_debt', is_known := bad_debt is not null),
            struct_pack(
                name := 'liquidity',
                is_known := coalesce(all_withdrawable_assets, withdrawable_at_least)
                    is not null
            ),
            struct_pack(name := 'idle_assets', is_known := idle_assets is not null),
            struct_pack(name := 'markets', is_known := judged_assets is not null),
            struct_pack(name := 'pause', is_known := paused is not null),
            struct_pack(name := 'requests', is_known := oldest_days is not null)
        ] as looks
    from shares
    cross join limits

)

select
    vault_id,
    fact_date as day,
    verdict,
    case verdict
        when 'unbacked' then 'loss_known'
        when 'impaired' then 'loss_known'
        when 'illiquid' then if(is_synchronous, 'no_way_out', 'request_unpaid')
        when 'backed' then 'assets_valued'
        else if(claimed_assets > 0, 'assets_not_valued', 'no_claimed_assets')
    end as reason,
    is_synchronous,
    claimed_assets,
    known_loss,
    known_loss_share,
    lost_assets,
    bad_debt,
    withdrawable_assets,
    withdrawable_at_least,
    idle_assets,
    allocated_assets,
    stuck_assets,
    stuck_share,
    valued_share,
    market_utilisation as worst_utilisation,
    market as worst_market,
    utilisation,
    oldest_days::bigint as oldest_request_days,
    list_aggregate(
        list_transform(list_filter(looks, lambda x: x.is_known), lambda x: x.name),
        'string_agg', ', '
    ) as looked_at,
    list_aggregate(
        list_transform(
            list_filter(
                looks, lambda x: not x.is_known and x.name != 'requests'
            ),
            lambda x: x.name
        ),
        'string_agg', ', '
    ) as not_looked_at,
    told_at
from judged
