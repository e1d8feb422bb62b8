-- One row per vault and block at which its state gives a price per share.
-- formula: (total assets + a) / (total supply + s), where a and s are the virtual
--   assets and shares of the vault's family; where these are not known,
--   convertToAssets of so many shares that no digit is lost, over the shares
-- Yearn V2 has no convertToAssets: its locked profit is taken off the total assets, as
-- its code does. A Veda vault's price is the rate that its accountant posted.
-- Under a thousandth of a share the virtual shares decide, not the assets: no price.
-- grain: vault_id, block_number
-- stored
with

vaults as (

    select
        vault_id,
        vault_number,
        chain_id,
        address,
        asset_decimals,
        share_decimals,
        virtual_assets::bignum as virtual_assets,
        case
            when has_decimals_offset
                then virtual_shares
                    * (10::double ^ (share_decimals - asset_decimals))::hugeint
            else virtual_shares
        end::bignum as virtual_shares
    from staging.vaults
    inner join staging.families using (family)

),

states as (

    select *
    from staging.states
    where status = 'ok' and value is not null

),

totals as (

    select
        vault_id,
        block_number,
        block_at,
        max(value) filter (where field = 'totalAssets') as total_assets_raw,
        max(value) filter (where field = 'totalSupply') as total_supply_raw,
        max(value) filter (where field = 'convertToAssets') as converted_raw,
        max(argument) filter (where field = 'convertToAssets') as shares_text,
        max(value) filter (where field = 'pricePerShare') as per_share_raw,
        max(value) filter (where field = 'accountant.getRate') as rate_raw,
        max(value) filter (where field = 'lockedProfit') as locked_raw,
        max(value) filter (where field = 'lockedProfitDegradation') as degradation_raw,
        max(value) filter (where field = 'lastReport') as report_raw
    from states
    inner join vaults using (chain_id, address)
    group by vault_id, block_number, block_at

),

-- prices in the asset's units; each is null where the state has no such field
priced as (

    select
        totals.*,
        vault_number,
        asset_decimals,
        share_decimals,
        (total_assets_raw + virtual_assets)::double
            / (total_supply_raw + virtual_shares)::double
            * 10::double ^ (share_decimals - asset_decimals) as by_totals,
        -- the shares asked for are a power of ten: one division, rounded once
        converted_raw::double
            / 10::double ^ (length(shares_text) - 1 - share_decimals + asset_decimals)
            as by_conversion,
        (
            total_assets_raw::double - locked_raw::double * greatest(
                0,
                1 - (epoch(block_at) - report_raw::double)
                    * degradation_raw::double / 1e18
            )
        ) / nullif(total_supply_raw::double, 0) as by_unlocked,
        rate_raw::double / 10::double ^ asset_decimals as by_rate,
        per_share_raw::double / 10::double ^ asset_decimals as by_share
    from totals
    inner join vaults using (vault_id)
    where total_supply_raw::double >= 10::double ^ (share_decimals - 3)

),

chosen as (

    select
        vault_id,
        vault_number,
        block_number,
        block_at as observed_at,
        total_assets_raw::double / 10::double ^ asset_decimals as total_assets,
        total_supply_raw::double / 10::double ^ share_decimals as total_supply,
        total_assets_raw,
        total_supply_raw,
        coalesce(by_totals, by_unlocked, by_conversion, by_rate, by_share)
            as share_price
    from priced

)

select
    vault_id,
    vault_number,
    block_number,
    observed_at,
    share_price,
    total_assets,
    total_supply,
    total_assets_raw,
    total_supply_raw,
    chosen.share_price between 1e-30 and 1e30 as is_possible
from chosen
where chosen.share_price is not null
