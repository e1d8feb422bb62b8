-- One row per point at which a share can be held against its part of the assets.
-- A settlement must move assets and shares at the price that its totals give; a reading
-- or a node's state must give the price that the totals do by the family's formula.
-- formula: gap = price x (total supply + pending fee shares + s) / (total assets + a)
--   - 1 in raw units, where a and s are the virtual amounts of the family. Where they
--   are not known, none or those of OpenZeppelin's vault (1, and 10 ^ (share - asset
--   decimals)), whichever come nearer: contracts have one or the other
-- Shares that lock a profit are burned before a loss shows in the price: until the
-- loss is booked, the price may be above what the totals give by the loss.
-- is_explained: whether the gap is a millionth at most, two raw units of the assets, or
--   a published price cut to the asset's last digit; null where fees may be pending of
--   which no source tells, and they would explain it
-- is_accounted_for: whether the supply is the sum of the mints and burns in the logs,
--   but for fees that accrue as shares and that the contract itself states; null where
--   it counts other shares without a log, or a reading states a supply
-- pending_part: pending fee shares as a part of the supply
-- has_accrued: whether the contract states fees that accrue as shares without a log
-- exit_fee: what a settled redemption left in the vault, as a part of its shares
-- grain: vault_id, source, position
-- stored where rows are few
with

vaults as (

    select * from intermediate.price_rules

),

supply as (

    select * from intermediate.supply_changes

),

statuses as (

    select * from intermediate.evk_supplies

),

settled as (

    select
        vault_id,
        'settlement' as source,
        log_position as position,
        block_number,
        is_accounted_for,
        0 as pending_part,
        exit_fee,
        gap,
        abs(gap) <= 1e-6 as is_explained,
        false as has_accrued
    from intermediate.lagoon_settled_points

),

readings as (

    select
        readings.vault_id,
        'reading' as source,
        file_id * 1_000_000_000_000 + line as position,
        block_number,
        null::boolean as is_accounted_for,
        null::double as pending_part,
        0 as exit_fee,
        coalesce(share_price * 10::double ^ asset_decimals, share_price_raw::double)
            / 10::double ^ share_decimals
            * (total_supply_raw + coalesce(virtual_shares, 0::bignum))::double
            / (total_assets_raw + coalesce(virtual_assets, 0::bignum))::double - 1
            as gap,
        case
            when abs(gap) <= 1e-6 + 10::double ^ -asset_decimals then true
            when counts_due_fees and gap < 0 then null
            else false
        end as is_explained,
        false as has_accrued
    from staging.readings as readings
    inner join vaults using (vault_id)
    where observed_at < (select until_at from staging.run)
        and total_assets_raw > 0::bignum and total_supply_raw > 0::bignum
        and (share_price is not null or share_price_raw is not null)

),

-- under a thousandth of a share the virtual shares decide, not the assets
states as (

    select
        *,
        converted_raw::double / shares_text::bignum::double as price,
        price * (
            (total_supply_raw + coalesce(virtual_shares, 0::bignum))::double
                + coalesce(pending_shares, 0)
        ) / (total_assets_raw + coalesce(virtual_assets, 0::bignum))::double - 1
            as known_gap,
        case
            when virtual_shares is null
                then price * (
                    total_supply_raw::double
                        + 10::double ^ (share_decimals - asset_decimals)
                ) / (total_assets_raw + 1::bignum)::double - 1
        end as usual_gap,
        case
            when burns_locked_profit
                then greatest((last_assets_raw - total_assets_raw)::double, 0)
                    / total_assets_raw::double
        end as loss_part
    from intermediate.state_totals
    where converted_raw is not null and total_assets_raw > 0::bignum
        and total_supply_raw::double >= 10::double ^ (share_decimals - 3)

),

compared as (

    select
        *,
        case
            when abs(known_gap) * total_assets_raw::double <= 2 then 0
            when abs(usual_gap) * total_assets_raw::double <= 2 then 0
            when known_gap > 0 and known_gap <= loss_part + 1e-9 then 0
            when abs(usual_gap) < abs(known_gap) then usual_gap
            else known_gap
        end as gap
    from states

),

read as (

    select
        compared.vault_id,
        'node' as source,
        block_number as position,
        block_number,
        case
            when is_supply_in_logs and supply.vault_id is not null
                then compared.total_supply_raw = supply.total_supply_raw
            else statuses.is_accounted_for
        end as is_accounted_for,
        pending_shares / compared.total_supply_raw::double as pending_part,
        0 as exit_fee,
        gap,
        case
            when abs(gap) <= 1e-6 then true
            when pending_shares is null and counts_due_fees
                and (gap < 0 or burns_locked_profit) then null
            else false
        end as is_explained,
        statuses.vault_id is not null as has_accrued
    from compared
    asof left join supply
        on compared.vault_id = supply.vault_id
        and (block_number + 1) * 1_000_000 > supply.log_position
    asof left join statuses
        on compared.vault_id = statuses.vault_id
        and (block_number + 1) * 1_000_000 > statuses.log_position

),

points as (

    select * from settled
    union all
    select * from readings
    union all
    select * from read

)

select
    vault_id,
    source,
    position,
    block_number,
    is_accounted_for,
    pending_part,
    exit_fee,
    gap,
    is_explained,
    has_accrued
from points
