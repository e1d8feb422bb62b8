-- One row per vault and transaction whose asset moves are not those of its flows.
-- Of vaults whose logs do not tell what each mint and burn is for: where the asset
-- came in with one, it is a deposit whose event is missing.
-- formula: what came to the vault's accounts, less what left them and less the flows
-- grain: vault_id, transaction_hash
-- stored
with

vaults as (

    select vault_id
    from staging.vaults
    inner join staging.families using (family)
    where flow_source = 'events' and not tells_every_mint

),

accounts as (

    select distinct
        vault_id,
        address as account
    from staging.contracts
    where role in ('vault', 'safe', 'account')

),

transfers as (

    select
        vault_id,
        transaction_hash,
        arguments->>'from' as sender,
        arguments->>'to' as receiver,
        (arguments->>'value')::bignum as assets_raw
    from staging.contract_events
    semi join vaults using (vault_id)
    where role = 'asset' and event = 'Transfer'

),

moves as (

    select
        transfers.vault_id,
        transaction_hash,
        assets_raw
    from transfers
    inner join accounts
        on transfers.vault_id = accounts.vault_id and receiver = account

    union all

    select
        transfers.vault_id,
        transaction_hash,
        0::bignum - assets_raw
    from transfers
    inner join accounts
        on transfers.vault_id = accounts.vault_id and sender = account

    union all

    select
        vault_id,
        transaction_hash,
        0::bignum - assets_raw
    from intermediate.flows
    semi join transfers using (vault_id, transaction_hash)
    where is_cash

)

select
    vault_id,
    transaction_hash,
    sum(assets_raw) as surplus_raw
from moves
group by vault_id, transaction_hash
having surplus_raw != 0::bignum
