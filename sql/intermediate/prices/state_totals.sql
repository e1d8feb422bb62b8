-- One row per vault and block of which a node told the state: what its price rests on.
-- A function that the contract does not have is null, and so is what was not asked.
-- pending_shares: fee shares that the contract's price counts although its total supply
--   does not have them yet; 0 where the vault has no such fees, null where they are not
--   known. Where the vault takes a part of what it grew by since it last accrued
-- formula: fee assets = (total assets - last total assets) x rate, rounded down;
--   pending shares = fee assets x (total supply + s) / (total assets - fee assets + a)
-- The virtual amounts a and s are those of the vault's family, null where not known.
-- grain: vault_id, block_number
-- stored
with

vaults as (

    select * from intermediate.price_rules

),

answers as (

    select
        vaults.vault_id,
        states.block_number,
        states.block_at,
        states.field,
        states.argument,
        states.value,
        case when states.field = accrued_fee_rate then states.value end as rate,
        case when states.field = accrued_fees_view then states.text::json end as view,
        -- only an answer has a value
        states.field = 'lastTotalAssets' and status = 'reverted' as is_refused
    from staging.states
    inner join vaults using (chain_id, address)
    where states.field in (
        'totalAssets', 'totalSupply', 'convertToAssets', 'pricePerShare',
        'accountant.getRate', 'accountant.latestRoundData', 'lockedProfit',
        'lockedProfitDegradation', 'lastReport', 'lastTotalAssets', accrued_fee_rate,
        accrued_fees_view
    )

),

totals as (

    select
        vault_id,
        block_number,
        block_at,
        max(value) filter (where field = 'totalAssets') as total_assets_raw,
        max(value) filter (where field = 'totalSupply') as total_supply_raw,
        arg_max(value, length(argument)) filter (where field = 'convertToAssets')
            as converted_raw,
        arg_max(argument, length(argument)) filter (where field = 'convertToAssets')
            as shares_text,
        max(value) filter (where field = 'pricePerShare') as per_share_raw,
        max(value) filter (
            where field in ('accountant.getRate', 'accountant.latestRoundData')
        ) as rate_raw,
        max(value) filter (where field = 'lockedProfit') as locked_raw,
        max(value) filter (where field = 'lockedProfitDegradation') as degradation_raw,
        max(value) filter (where field = 'lastReport') as report_raw,
        max(value) filter (where field = 'lastTotalAssets') as last_assets_raw,
        max(rate) as fee_rate_raw,
        any_value(view) as fees_view,
        bool_or(is_refused) as never_accrues
    from answers
    group by vault_id, block_number, block_at

),

grown as (

    select
        totals.*,
        vault_number,
        asset_decimals,
        share_decimals,
        virtual_assets,
        virtual_shares,
        counts_due_fees,
        burns_locked_profit,
        is_supply_in_logs,
        not counts_due_fees or never_accrues as is_without_fees,
        floor(
            greatest((total_assets_raw - last_assets_raw)::double, 0)
                * (fee_rate_raw::double / accrued_fee_one)
        ) as fee_assets
    from totals
    inner join vaults using (vault_id)

)

select
    vault_id,
    vault_number,
    block_number,
    block_at,
    asset_decimals,
    share_decimals,
    total_assets_raw,
    total_supply_raw,
    converted_raw,
    shares_text,
    per_share_raw,
    rate_raw,
    locked_raw,
    degradation_raw,
    report_raw,
    last_assets_raw,
    virtual_assets,
    virtual_shares,
    counts_due_fees,
    burns_locked_profit,
    is_supply_in_logs,
    case
        when is_without_fees then 0
        when fees_view is not null
            then (fees_view->>1)::double + (fees_view->>2)::double
        else fee_assets
            * (total_supply_raw::double + coalesce(virtual_shares::double, 0))
            / nullif(
                total_assets_raw::double - fee_assets
                    + coalesce(virtual_assets::double, 0), 0
            )
    end as pending_shares
from grown
