-- One row per transfer of shares between accounts in which none wait: which flow it is.
-- Of vaults without events of settlement. A mint or burn is part of the flow of the
-- same shares and holder in its transaction; flow_position and assets_raw are null
-- where there is none. is_own: made for the vault itself or burned of its own, as
-- profit is locked.
-- grain: vault_id, log_position
-- stored
with

escrows as (

    select * from intermediate.share_escrows

),

transfers as (

    select
        moved.*,
        case when is_mint then receiver when is_burn then sender end as holder,
        coalesce(holder = moved.address, false) as is_own
    from intermediate.share_transfers as moved
    left join escrows as giving
        on moved.vault_id = giving.vault_id and moved.sender = giving.account
    left join escrows as taking
        on moved.vault_id = taking.vault_id and moved.receiver = taking.account
    where flow_source != 'settlements'
        and giving.account is null and taking.account is null

),

flows as (

    select
        vault_id,
        transaction_hash,
        holder,
        is_deposit as is_mint,
        case when is_deposit then shares_raw else 0::bignum - shares_raw end
            as shares_raw,
        log_position as flow_position,
        assets_raw,
        true as is_flow,
        row_number() over (
            partition by vault_id, transaction_hash, holder, is_deposit, shares_raw
            order by log_position
        ) as copy
    from intermediate.flows
    where holder is not null

)

select
    transfers.vault_id,
    transfers.log_position,
    transfers.block_at,
    transfers.transaction_hash,
    transfers.sender,
    transfers.receiver,
    transfers.holder,
    transfers.shares_raw,
    transfers.is_mint,
    transfers.is_burn,
    transfers.is_own,
    coalesce(is_flow, false) as is_flow,
    flow_position,
    assets_raw
from transfers
left join flows using (
    vault_id, transaction_hash, holder, is_mint, shares_raw, copy
)
