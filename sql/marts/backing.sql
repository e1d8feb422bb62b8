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
-- view
-- units:
--   asset: claimed_assets, known_loss, lost_assets, bad_debt, withdrawable_assets,
--     withdrawable_at_least, idle_assets, allocated_assets, stuck_assets
--   fraction: known_loss_share, stuck_share, valued_share, worst_utilisation,
--     utilisation
--   days: oldest_request_days
-- columns:
--   vault_id: the vault's id in the config
--   day: the UTC day, of whose end the row is
--   verdict: unbacked, impaired, illiquid, backed or unknown
--   since: the first of the days up to this one on which the verdict was the same; a
--     day without a row is unknown; null where it was never another
--   last_verdict: the last verdict but unknown by the end of the day; null: none so far
--   last_verdict_on: the last day on which that stood
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
--   withdrawable_assets: all that can be taken out at once, as a file tells it, or as a
--     node does where the largest holder cannot take out what its shares are worth
--   withdrawable_at_least: what the largest holder can take out at once, by the
--     contract's own word; perhaps not all, unless withdrawable_assets is the same
--   idle_assets: assets that it holds itself, as it is told
--   allocated_assets: what it has in markets and venues
--   stuck_assets: assets where nothing comes out: in markets of full utilisation, or
--     all that cannot be withdrawn where next to nothing can or a node tells all that
--     can, or all of a paused vault
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

known as (

    select * from intermediate.backing_days

),

lasts as (

    select
        vault_id,
        total_assets
    from intermediate.price_points
    where next_at is null

),

others as (

    select
        vault_id,
        as_of as day,
        'unknown' as verdict,
        'nothing_looked_at' as reason,
        coalesce(is_synchronous, true) as is_synchronous,
        total_assets as claimed_assets,
        'losses, bad_debt, liquidity, idle_assets, markets, pause' as not_looked_at
    from staging.synchronous
    cross join limits
    left join lasts using (vault_id)
    anti join known on synchronous.vault_id = known.vault_id and as_of = known.day

),

days as (

    select * from known
    union all by name
    select * from others

),

runs as (

    select
        *,
        last_value(nullif(verdict, 'unknown') ignore nulls) over days_so_far
            as last_verdict,
        max(day) filter (verdict != 'unknown') over days_so_far as last_verdict_on,
        -- the same in all days of a run
        day - (row_number() over (partition by vault_id, verdict order by day))::integer
            as run
    from days
    window
        days_so_far as (partition by vault_id order by day)

)

select
    vault_id,
    day,
    verdict,
    case
        when verdict = 'unknown' then last_verdict_on + 1
        else min(day) over (partition by vault_id, verdict, run)
    end as since,
    last_verdict,
    last_verdict_on,
    reason,
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
    worst_market,
    utilisation,
    oldest_request_days,
    looked_at,
    not_looked_at,
    told_at
from runs
