-- One row per family of vaults: what is known of every vault of it.
-- grain: family
-- units:
--   place: position
--   smallest unit of the asset: virtual_assets
--   smallest unit of the share: virtual_shares
-- columns:
--   family: as in marts.vaults
--   position: order in which reports show it
--   label: its name for people
--   standard: ERC-4626 or ERC-7540; null: neither
--   is_synchronous: whether shares are redeemed in the transaction that asks for it;
--     null: not known
--   log_price_source: which logs tell a price: settlements, statuses, rates or trades;
--     null: none do
--   virtual_assets: in the price's numerator, in the asset's smallest unit; null: not
--     known
--   virtual_shares: in its denominator, in the share's smallest unit; null: not known
--   has_decimals_offset: whether virtual_shares counts times
--     10 ^ (share decimals - asset decimals)
--   flow_source: what tells deposits and withdrawals: settlements, events or transfers
--   allocation_source: which of its own events tell where its assets are:
--     strategy_debt or adapter_changes; null: none do
--   tells_every_mint: whether each mint and burn of shares has an event of its own that
--     says what it is for
--   keeps_assets_elsewhere: whether its assets leave the contract for accounts that its
--     logs do not name
--   counts_due_fees: whether its price counts fees before their shares are minted
--   burns_locked_profit: whether a loss takes shares that lock a profit before it shows
--   is_supply_in_logs: whether its total supply is the sum of the mints and burns in
--     its logs; if not, shares accrue or unlock without a log
--   tells_withdrawable: whether its maxWithdraw means what a holder can take out at
--     once; if not, what it answers proves nothing either way
select
    family,
    position,
    label,
    standard,
    is_synchronous,
    log_price_source,
    virtual_assets,
    virtual_shares,
    has_decimals_offset,
    flow_source,
    allocation_source,
    tells_every_mint,
    keeps_assets_elsewhere,
    accrued_fees_view is not null or accrued_fee_rate is not null as counts_due_fees,
    burns_locked_profit,
    is_supply_in_logs,
    tells_withdrawable
from staging.families
where is_vault
order by position
