-- One row per kind of contract: what is true of every contract of the kind.
-- grain: family
-- stored where rows are few
select
    family,
    position,
    is_vault,
    label,
    standard,
    is_synchronous,
    log_price_source,
    virtual_assets,
    virtual_shares,
    has_decimals_offset,
    flow_source,
    allocation_source,
    owner_argument,
    tells_every_mint,
    mints_fees_to_itself,
    has_sub_accounts,
    keeps_assets_elsewhere,
    market,
    accrued_fees_view,
    accrued_fee_rate,
    accrued_fee_one,
    burns_locked_profit,
    is_supply_in_logs,
    lends_silently,
    tells_withdrawable
from raw.families
