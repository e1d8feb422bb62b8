-- One row per vault of which something is known: what spoke against it, and when.
-- columns:
--   last_day, last_verdict: of the last day of which something is known
--   evidence: figures of the last day, by their names in marts.backing, with what can
--     be withdrawn (is_least: at least) as a share of the claimed assets
--   lost_day, lost_share: first day with a known loss of impaired_share or more, and
--     the largest loss; lost_until is the last such day
--   stuck_day, stuck_share: the same of a synchronous vault with illiquid_share or more
--     of its assets where nothing comes out, whatever is lost of them
-- grain: vault_id
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

days as (

    select
        *,
        is_synchronous and stuck_share >= illiquid_share as is_stuck,
        known_loss_share >= impaired_share as is_lost
    from intermediate.backing_verdicts
    cross join limits

),

vaults as (

    select
        vault_id,
        max(day) as last_day,
        arg_max(verdict, day) as last_verdict,
        arg_max(
            struct_pack(
                claimed_assets := claimed_assets,
                known_loss := known_loss,
                known_loss_share := known_loss_share,
                stuck_assets := stuck_assets,
                stuck_share := stuck_share,
                withdrawable_share := greatest(
                    withdrawable_assets, withdrawable_at_least
                ) / nullif(claimed_assets, 0),
                is_least := withdrawable_assets is null,
                is_synchronous := is_synchronous,
                oldest_request_days := oldest_request_days
            ),
            day
        ) as evidence,
        min(day) filter (is_lost) as lost_day,
        max(day) filter (is_lost) as lost_until,
        max(known_loss_share) filter (is_lost) as lost_share,
        min(day) filter (is_stuck) as stuck_day,
        max(day) filter (is_stuck) as stuck_until,
        max(stuck_share) filter (is_stuck) as stuck_share
    from days
    group by vault_id

)

select
    vault_id,
    last_day,
    last_verdict,
    evidence,
    lost_day,
    lost_until,
    lost_share,
    stuck_day,
    stuck_until,
    stuck_share
from vaults
