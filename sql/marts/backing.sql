-- One row per vault and day: what stands behind its price, verdict and evidence.
-- Days on which something was looked at, and the as-of day of every vault.
-- formula: unbacked where known_loss_share >= unbacked_share, else
--   impaired where known_loss_share >= impaired_share, else
--   illiquid where nothing comes out of illiquid_share of the claimed assets of a
--   synchronous vault, or an asynchronous one has a request unpaid for over
--   request_days, else
--   backed where valued_share >= backed_share, else unknown
-- The thresholds are those of marts.thresholds. A fact counts for fact_days after its
-- day; from then on it was not looked at. What was not looked at proves nothing, so
-- unknown is no verdict on the vault: only known losses and shut doors speak against
-- it, and only what was valued for it.
-- grain: vault_id, day
-- units:
--   asset: claimed_assets, known_loss, lost_assets, bad_debt, withdrawable_assets,
--     idle_assets, allocated_assets, stuck_assets
--   fraction: known_loss_share, stuck_share, valued_share, worst_utilisation,
--     utilisation
--   days: oldest_request_days
-- columns:
--   vault_id: the vault's id in the config
--   day: the UTC day, of whose end the row is
--   verdict: unbacked, impaired, illiquid, backed or unknown
--   reason: why, as in marts.reasons: loss_known, no_way_out, request_unpaid,
--     assets_valued, assets_not_valued, no_claimed_assets or nothing_looked_at
--   is_synchronous: whether it redeems in the transaction that asks, by the config,
--     else its family; where neither tells, it counts as one that does
--   claimed_assets: total assets by its own word, at the last price point by the day's
--     end or with the facts
--   known_loss: lost_assets + bad_debt; null where neither is known
--   known_loss_share: known_loss / claimed_assets
--   lost_assets: assets that are lost though the price counts them, as it is told
--   bad_debt: its part of debts beyond the worth of their collateral, in markets whose
--     collateral can be priced
--   withdrawable_assets: what can be taken out at once, as it is told
--   idle_assets: assets that it holds itself, as it is told
--   allocated_assets: what it has in markets and venues
--   stuck_assets: assets where nothing comes out: in markets of full utilisation, or
--     all that cannot be withdrawn where next to nothing can, or all of a paused vault
--   stuck_share: stuck_assets / claimed_assets; above 1 where a vault claims less than
--     it has in markets
--   valued_share: part of the claimed assets of which something tells the worth: what
--     can be withdrawn, else what is idle, what lies in markets whose collateral is
--     priced, and the part of other markets that is not lent out; at most 1
--   worst_utilisation: the highest of the markets it is in
--   worst_market: the market of it
--   utilisation: the vault's own, as it is told. It decides nothing: of a vault that
--     invests in others it is what is not idle, and says nothing of what they give back
--   oldest_request_days: days that its oldest unpaid request had waited; null where
--     none has waited for longer than request_days
--   looked_at: what is known, by name, in order: losses, bad_debt, liquidity,
--     idle_assets, markets, pause, and requests where one is overdue
--   not_looked_at: what of these is not, requests aside
--   told_at: the last moment of any of the facts; null: they are of logs, or there are
--     none
with

limits as (

    select * from intermediate.fact_limits

),

vaults as (

    select
        vaults.vault_id,
        coalesce(configured.is_synchronous, families.is_synchronous, true)
            as is_synchronous
    from staging.vaults as vaults
    left join staging.families as families using (family)
    left join staging.synchronous as configured using (vault_id)

),

lasts as (

    select
        vault_id,
        total_assets
    from intermediate.price_points
    where next_at is null

),

told as (

    select
        vault_id,
        fact_date,
        fact,
        amount,
        detail,
        observed_at
    from intermediate.backing_facts

    union all

    -- the last day is always there
    select
        vault_id,
        as_of,
        'last_assets',
        total_assets,
        null,
        null
    from vaults
    cross join limits
    left join lasts using (vault_id)

),

pivoted as (

    select
        vault_id,
        fact_date,
        max(amount) filter (fact = 'lost_assets') as lost_assets,
        max(amount) filter (fact = 'idle_assets') as idle_assets,
        max(amount) filter (fact = 'withdrawable_assets') as withdrawable_assets,
        max(amount) filter (fact = 'utilisation') as utilisation,
        max(amount) filter (fact = 'stuck_assets') as told_stuck_assets,
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
            max(amount) filter (fact = 'claimed_assets'),
            max(amount) filter (fact = 'last_assets')
        ) as claimed_assets,
        max(observed_at) as told_at
    from told
    group by vault_id, fact_date

),

measured as (

    select
        pivoted.*,
        vaults.is_synchronous,
        case
            when lost_assets is not null or bad_debt is not null
                then coalesce(lost_assets, 0) + coalesce(bad_debt, 0)
        end as known_loss,
        greatest(
            told_stuck_assets,
            market_stuck_assets,
            case when paused = 1 then claimed_assets end,
            case
                when withdrawable_assets <= claimed_assets * (1 - full_utilisation)
                    then claimed_assets - withdrawable_assets
                when withdrawable_assets is not null then 0
            end
        ) as stuck_assets,
        case
            when coalesce(withdrawable_assets, idle_assets, market_valued_assets)
                is not null
                then greatest(
                    coalesce(withdrawable_assets, 0),
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
        ) as valued_share,
        [
            struct_pack(name := 'losses', is_known := lost_assets is not null),
            struct_pack(name := 'bad_debt', is_known := bad_debt is not null),
            struct_pack(
                name := 'liquidity',
                is_known := coalesce(withdrawable_assets, told_stuck_assets) is not null
            ),
            struct_pack(name := 'idle_assets', is_known := idle_assets is not null),
            struct_pack(name := 'markets', is_known := judged_assets is not null),
            struct_pack(name := 'pause', is_known := paused is not null),
            struct_pack(name := 'requests', is_known := oldest_days is not null)
        ] as looks
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
        end as verdict
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
        else case
            when not list_bool_or(list_transform(looks, lambda x: x.is_known))
                then 'nothing_looked_at'
            when claimed_assets is null or claimed_assets = 0 then 'no_claimed_assets'
            else 'assets_not_valued'
        end
    end as reason,
    is_synchronous,
    claimed_assets,
    known_loss,
    known_loss_share,
    lost_assets,
    bad_debt,
    withdrawable_assets,
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
order by vault_id, day
