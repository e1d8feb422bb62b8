-- One row per mint of shares that no deposit asked for: a fee, as far as logs tell.
-- Lagoon: all mints but those to the vault and of synchronous deposits. ERC-7540: none,
-- as its logs do not tell which mints are deposits. All others: mints without a Deposit
-- of the same shares to the same owner; mints to the vault itself pay nobody.
-- is_of_valuation: minted for a Lagoon valuation, before anything is settled at it; the
-- others of v0.6 are entry and exit fees.
-- grain: vault_id, log_position
-- stored
with

mints as (

    select *
    from intermediate.share_transfers
    where is_mint and not is_burn and receiver != address and flow_source != 'transfers'

),

deposits as (

    select
        vault_id,
        transaction_hash,
        holder as receiver,
        shares_raw,
        row_number() over (
            partition by vault_id, transaction_hash, holder, shares_raw
            order by log_position
        ) as copy,
        true as is_deposited
    from intermediate.flows
    where is_deposit and holder is not null

),

fees as (

    select mints.*
    from mints
    anti join deposits using (vault_id, transaction_hash, receiver, shares_raw, copy)

),

-- what parts a valuation's own mints from those of the flows after it
valuations as (

    select
        vault_id,
        transaction_hash,
        log_position,
        true as is_valuation
    from intermediate.vault_events
    where event = 'TotalAssetsUpdated'

),

turns as (

    select * from valuations
    union all
    select
        vault_id,
        transaction_hash,
        log_position,
        false as is_valuation
    from intermediate.supply_changes
    where is_settlement_leg

)

select
    fees.vault_id,
    fees.flow_source,
    fees.log_position,
    fees.block_number,
    fees.transaction_hash,
    fees.block_at,
    fees.receiver,
    fees.shares_raw,
    coalesce(turns.is_valuation, false) as is_of_valuation,
    case when is_of_valuation then turns.log_position end as valuation_position
from fees
asof left join turns
    on fees.vault_id = turns.vault_id
    and fees.transaction_hash = turns.transaction_hash
    and fees.log_position >= turns.log_position
