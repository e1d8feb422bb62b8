-- One row per deposit into or withdrawal from a vault: when, how much, at what price.
-- Lagoon's are counted where they are settled; request claims, which repeat them, are
-- not here.
-- grain: vault_id, log_position
-- units:
--   asset: assets
--   shares: shares
--   asset per share: share_price
--   block number: block_number
--   log position: log_position
--   smallest unit of the asset: assets_raw
--   smallest unit of the share: shares_raw
-- columns:
--   vault_id: the vault's id in the config
--   log_position: block number * 1000000 + log index
--   block_number: block of the log
--   transaction_hash: its transaction
--   block_at: its time, UTC
--   kind: settled_deposit, sync_deposit, deposit, pre_mint, mint or the ways out of it
--   is_cash: whether assets moved; they do not in a PreMint of Lagoon
--   holder: who owns the shares; null where a settlement holds many
--   assets: what was paid in or out, in units of the asset, withdrawals negative; null
--     where no log tells
--   shares: shares minted, or negative, burned; in units of the share
--   share_price: the settlement's price, or what was traded, in units of the asset
--   assets_raw: assets paid in or, negative, out, exact
--   shares_raw: shares minted or, negative, burned, exact
--   reason: why assets are null
with

vaults as (

    select *
    from staging.vaults
    inner join staging.families using (family)

),

flows as (

    select * from intermediate.flows

),

prices as (

    select
        vault_id,
        log_position,
        share_price as settlement_price
    from intermediate.lagoon_prices

)

select
    flows.vault_id,
    flows.log_position,
    flows.block_number,
    flows.transaction_hash,
    flows.block_at,
    flows.kind,
    flows.is_cash,
    flows.holder,
    flows.assets_raw::double / 10::double ^ asset_decimals as assets,
    flows.shares_raw::double / 10::double ^ share_decimals as shares,
    case
        when flow_source = 'settlements' then settlement_price
        else assets / nullif(shares, 0)
    end as share_price,
    flows.assets_raw::varchar as assets_raw,
    flows.shares_raw::varchar as shares_raw,
    flows.reason
from flows
inner join vaults using (vault_id)
asof left join prices
    on flows.vault_id = prices.vault_id and flows.log_position >= prices.log_position
