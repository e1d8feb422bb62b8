-- One row per Lagoon settlement that kept an exit fee of the shares that it redeemed.
-- Since v0.6 the vault states it: FeeTaken of type 3, by the settlement's number. The
-- event of the settlement counts all shares as burnt, and pays for the rest alone.
-- exit_fee: the part of the redeemed shares that was kept; fee_raw: how many, exact
-- grain: vault_id, settled_position
with

events as (

    select *
    from intermediate.vault_events
    where event in ('FeeTaken', 'SettleRedeem')

),

fees as (

    select
        vault_id,
        transaction_hash,
        arguments->>'contextId' as settled_id,
        sum((arguments->>'shares')::bignum) as fee_raw
    from events
    where event = 'FeeTaken' and (arguments->>'feeType')::integer = 3
    group by all

),

settlements as (

    select
        vault_id,
        log_position as settled_position,
        transaction_hash,
        arguments->>'settledId' as settled_id,
        (arguments->>'sharesBurned')::bignum as burnt_raw
    from events
    where event = 'SettleRedeem'

)

select
    vault_id,
    settled_position,
    fee_raw,
    fee_raw::double / burnt_raw::double as exit_fee
from settlements
inner join fees using (vault_id, transaction_hash, settled_id)
where burnt_raw > 0::bignum
