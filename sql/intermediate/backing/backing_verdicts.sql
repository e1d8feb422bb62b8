-- One row per vault and day of which something is known: the verdict and its measures.
-- Columns, formulas and verdicts are those of marts.backing. It has numbers only, since
-- to store words of a million days takes as long as all else: intermediate.backing_days
-- has them.
-- columns:
--   worst_market_number: as intermediate.lending_markets
--   is_liquidity_told, is_market_told, is_pause_told: whether that is known
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

measured as (

    select
        facts.* exclude (withdrawable_assets),
        vaults.is_synchronous,
        facts.withdrawable_assets as all_withdrawable_assets,
        coalesce(
            facts.withdrawable_assets,
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
    from intermediate.backing_facts as facts
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
        coalesce(all_withdrawable_assets, withdrawable_at_least) is not null
            as is_liquidity_told,
        judged_assets is not null as is_market_told,
        paused is not null as is_pause_told
    from shares
    cross join limits

)

select
    vault_id,
    fact_date as day,
    verdict,
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
    worst_utilisation,
    worst_market_number,
    utilisation,
    oldest_days::bigint as oldest_request_days,
    is_liquidity_told,
    is_market_told,
    is_pause_told,
    told_at
from judged
