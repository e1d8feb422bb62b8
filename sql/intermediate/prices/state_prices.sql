-- One row per vault and block at which its state gives a price per share.
-- The price is what the contract answers: convertToAssets of so many shares that no
-- digit is lost, over the shares. It alone counts what the totals leave out: fees that
-- are due but not minted, profit that is locked or vests, amounts that are virtual.
-- Where it has no answer to that, the family's own formula:
-- formula: (total assets + a) / (total supply + pending fee shares + s), where a and s
--   are the virtual amounts of the family; or, without them,
--   (total assets - locked profit still locked) / total supply
-- The second is Yearn V2's, whose pricePerShare has the asset's few digits: the formula
-- must round to it. Where it does not the answer itself is the price (is_contradicted).
-- A Veda vault's price is the rate that its accountant posted, at which it pays; the
-- price of a token that a data feed prices is the feed's answer.
-- Under a thousandth of a share the virtual shares decide, not the assets: no price.
-- grain: vault_id, block_number
-- stored
with

-- prices in the asset's units; each is null where the state has no such field
priced as (

    select
        *,
        10::double ^ asset_decimals as asset_unit,
        -- the shares asked for are a power of ten: one division, rounded once
        converted_raw::double
            / 10::double ^ (length(shares_text) - 1 - share_decimals + asset_decimals)
            as by_conversion,
        (total_assets_raw + virtual_assets)::double
            / (
                (total_supply_raw + virtual_shares)::double
                    + coalesce(pending_shares, 0)
            ) * 10::double ^ (share_decimals - asset_decimals) as by_totals,
        (
            total_assets_raw::double - coalesce(
                locked_raw::double * greatest(
                    0,
                    1 - (epoch(block_at) - report_raw::double)
                        * degradation_raw::double / 1e18
                ), 0
            )
        ) / total_supply_raw::double * 10::double ^ (share_decimals - asset_decimals)
            as by_unlocked,
        rate_raw::double / asset_unit as by_rate,
        per_share_raw::double as per_share
    from intermediate.state_totals
    where total_supply_raw::double >= 10::double ^ (share_decimals - 3)

),

-- an answer cut to whole units is at most one below the price; doubles keep 15 digits
checked as (

    select
        *,
        coalesce(
            by_conversion,
            by_totals,
            case
                when coalesce(locked_raw, per_share_raw) is not null then by_unlocked
            end
        ) as exact_price,
        exact_price * asset_unit
            between per_share * (1 - 1e-14) and (per_share + 1) * (1 + 1e-14)
            as is_confirmed
    from priced

),

chosen as (

    select
        *,
        case
            when by_conversion is null and not is_confirmed then per_share / asset_unit
            else coalesce(exact_price, by_rate, per_share / asset_unit)
        end as share_price
    from checked

)

select
    vault_id,
    vault_number,
    block_number,
    block_at as observed_at,
    share_price,
    total_assets_raw::double / asset_unit as total_assets,
    total_supply_raw::double / 10::double ^ share_decimals as total_supply,
    total_assets_raw,
    total_supply_raw,
    coalesce(not is_confirmed, false) as is_contradicted,
    chosen.share_price between 1e-30 and 1e30 as is_possible
from chosen
where chosen.share_price is not null
