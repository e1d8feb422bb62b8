-- One row per vault and UTC day on which something flowed: what came in and went out.
-- grain: vault_id, flow_date
-- units:
--   asset: deposits, withdrawals, net_flow, in_kind
--   shares: shares_minted, shares_burned, fee_shares, unexplained_shares,
--     bridged_shares
--   count: deposits_count, withdrawals_count
--   smallest unit of the asset: net_flow_raw
-- columns:
--   vault_id: the vault's id in the config
--   flow_date: the UTC day
--   deposits: assets that came in, in units of the asset; null where no log tells
--   withdrawals: assets that went out, negative; null where no log tells
--   net_flow: deposits + withdrawals
--   in_kind: value of shares minted for assets that did not move (PreMint of Lagoon)
--   deposits_count: deposits, or settlements of deposits
--   withdrawals_count: withdrawals, or settlements of redemptions
--   shares_minted: shares minted for deposits, in units of the share
--   shares_burned: shares burned for withdrawals, negative
--   fee_shares: shares minted as fees
--   unexplained_shares: shares minted neither for a deposit nor as a fee of a known
--     receiver
--   bridged_shares: shares that came from other chains, less those that left for one
--   net_flow_raw: net_flow as an exact integer
with

vaults as (

    select * from staging.vaults

),

changes as (

    select
        vault_id,
        make_timestamp(epoch_us(block_at))::date as flow_date,
        is_deposit,
        is_cash,
        assets_raw,
        shares_raw,
        0::bignum as fee_shares_raw,
        0::bignum as unexplained_raw,
        0::bignum as bridged_raw
    from intermediate.flows

    union all

    select
        vault_id,
        make_timestamp(epoch_us(block_at))::date,
        null,
        null,
        null,
        null,
        case when kind = 'unexplained' then 0::bignum else shares_raw end,
        case when kind = 'unexplained' then shares_raw else 0::bignum end,
        0::bignum
    from intermediate.undeposited_mints

    union all

    select
        vault_id,
        make_timestamp(epoch_us(block_at))::date,
        null,
        null,
        null,
        null,
        0::bignum,
        0::bignum,
        case when is_mint then shares_raw else 0::bignum - shares_raw end
    from intermediate.veda_unpaid_moves
    where partner is null

),

sums as (

    select
        vault_id,
        flow_date,
        sum(assets_raw) filter (where is_deposit and is_cash) as deposits,
        sum(assets_raw) filter (where not is_deposit) as withdrawals,
        sum(assets_raw) filter (where is_cash) as net_flow,
        sum(assets_raw) filter (where not is_cash) as in_kind,
        count(*) filter (where is_deposit) as deposits_count,
        count(*) filter (where not is_deposit) as withdrawals_count,
        count(*) filter (where is_deposit is not null and assets_raw is null)
            as unpriced_count,
        sum(shares_raw) filter (where is_deposit) as shares_minted,
        sum(shares_raw) filter (where not is_deposit) as shares_burned,
        sum(fee_shares_raw) as fee_shares,
        sum(unexplained_raw) as unexplained,
        sum(bridged_raw) as bridged
    from changes
    group by all

),

-- a sum without an addend is none, unless an addend is unknown
scaled as (

    select
        sums.vault_id,
        flow_date,
        deposits_count,
        withdrawals_count,
        10::double ^ asset_decimals as asset_unit,
        10::double ^ share_decimals as share_unit,
        unpriced_count = 0 as is_priced,
        coalesce(deposits, 0::bignum) as deposits_raw,
        coalesce(withdrawals, 0::bignum) as withdrawals_raw,
        coalesce(net_flow, 0::bignum) as net_flow_raw,
        coalesce(in_kind, 0::bignum) as in_kind_raw,
        coalesce(shares_minted, 0::bignum) as minted_raw,
        coalesce(shares_burned, 0::bignum) as burned_raw,
        coalesce(fee_shares, 0::bignum) as fee_shares_raw,
        coalesce(unexplained, 0::bignum) as unexplained_raw,
        coalesce(bridged, 0::bignum) as bridged_raw
    from sums
    inner join vaults using (vault_id)

)

select
    vault_id,
    flow_date,
    case when is_priced then deposits_raw::double / asset_unit end as deposits,
    case when is_priced then withdrawals_raw::double / asset_unit end as withdrawals,
    case when is_priced then net_flow_raw::double / asset_unit end as net_flow,
    case when is_priced then in_kind_raw::double / asset_unit end as in_kind,
    deposits_count,
    withdrawals_count,
    minted_raw::double / share_unit as shares_minted,
    burned_raw::double / share_unit as shares_burned,
    fee_shares_raw::double / share_unit as fee_shares,
    unexplained_raw::double / share_unit as unexplained_shares,
    bridged_raw::double / share_unit as bridged_shares,
    case when is_priced then net_flow_raw::varchar end as net_flow_raw
from scaled
