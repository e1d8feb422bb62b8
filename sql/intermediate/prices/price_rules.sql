-- One row per vault: what its family's formula of the price adds to assets and supply.
-- virtual_assets, virtual_shares: in raw units; null: not known
-- counts_due_fees: its price counts fees that are due before their shares are minted
-- grain: vault_id
-- stored where rows are few
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
    end::bignum as virtual_shares,
    accrued_fees_view,
    accrued_fee_rate,
    accrued_fee_one,
    accrued_fees_view is not null or accrued_fee_rate is not null as counts_due_fees,
    burns_locked_profit,
    is_supply_in_logs
from staging.vaults
inner join staging.families using (family)
