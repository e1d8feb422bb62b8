-- One row per change of what a holder owns of a vault: shares, and what they cost.
-- assets are as the holder sees them: negative paid in, positive taken out. Shares that
-- wait in an account of the vault's are on their holder's account; what nobody is known
-- to own is on the account 'unattributed'. Shares that change hands, or are minted
-- without a deposit, as fees are, are valued at the last price before.
-- kind is flow, move (from the counterparty or to it), mint or burn.
-- grain: vault_id, log_position, holder, kind
-- stored
-- one thread
with

vaults as (

    select * from staging.vaults

),

prices as (

    select * from intermediate.flow_prices

),

combined as (

    select * from intermediate.lagoon_holder_flows
    union all
    select * from intermediate.direct_holder_flows
    union all
    select * from intermediate.claimed_holder_flows
    union all
    select * from intermediate.veda_holder_flows

),

at_price as (

    select
        combined.* exclude (raw_assets),
        prices.share_price
    from combined
    asof left join prices
        on combined.vault_id = prices.vault_id
        and combined.block_at >= prices.observed_at
    where is_at_price

),

valued as (

    select
        vault_id,
        log_position,
        block_at,
        holder,
        kind,
        counterparty,
        raw_shares,
        null::double as raw_assets,
        share_price
    from at_price

    union all

    select
        vault_id,
        log_position,
        block_at,
        holder,
        kind,
        counterparty,
        raw_shares,
        raw_assets,
        null
    from combined
    where not is_at_price

)

select
    vault_id,
    log_position,
    block_at,
    holder,
    kind,
    counterparty,
    raw_shares / 10::double ^ share_decimals as shares,
    coalesce(
        raw_assets / 10::double ^ asset_decimals,
        -(raw_shares / 10::double ^ share_decimals) * share_price
    ) as assets
from valued
inner join vaults using (vault_id)
order by vault_id, log_position, holder, kind
