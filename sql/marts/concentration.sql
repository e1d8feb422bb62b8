-- One row per vault whose holders are known: how many they are, how large the largest.
-- Investors only, without the vault, its silo, the receivers of fees and the configured
-- pools. Pending shares are their holders'. Another contract that holds for many counts
-- as one.
-- grain: vault_id
-- units:
--   fraction: top_1_share, top_10_share, fee_receivers_share, to_claim_share,
--     to_redeem_share, own_share, pool_share, unlogged_share
--   ratio: herfindahl_index
--   count: holders_count, holders_ever_count, effective_holders
-- columns:
--   vault_id: the vault's id in the config
--   holders_count: investors with shares
--   holders_ever_count: investors that ever had shares
--   top_1_share: largest investor's part of the shares of all investors
--   top_10_share: the ten largest investors' part of the shares of all investors
--   herfindahl_index: sum of the squares of the investors' parts of the shares, from 1
--     / holders_count to 1
--   effective_holders: 1 / herfindahl_index
--   fee_receivers_share: part of the supply that receivers of fees hold
--   to_claim_share: part of the supply that is settled and unclaimed in the vault
--   to_redeem_share: part of the supply that is pending redemption in the silo
--   own_share: part of the supply that is the vault's own, as profit it locks
--   pool_share: part of the supply that lies in the configured pools
--   unlogged_share: part of the supply that the contract counts without a log, as
--     accrued fees; less than zero where locked profit has been unlocked and is not
--     burned yet
--   reason: why figures are null
with

holders as (

    select * from marts.holders

),

records as (

    select * from intermediate.flow_records

),

ranked as (

    select
        *,
        row_number() over (
            partition by vault_id order by shares desc, holder
        ) as place,
        shares / nullif(sum(shares) over (
            partition by vault_id
            order by shares desc, holder
            rows between unbounded preceding and unbounded following
        ), 0) as part
    from holders
    where kind = 'investor'

),

investors as (

    select
        vault_id,
        count(*) filter (where shares > 0) as holders_count,
        count(*) as holders_ever_count,
        max(part) as top_1_share,
        sum(part order by place) filter (where place <= 10) as top_10_share,
        sum(part ^ 2 order by place) as herfindahl_index
    from ranked
    group by vault_id

),

balances as (

    select
        vault_id,
        sum(balance_raw::bignum) as supply_raw,
        sum(balance_raw::bignum) filter (where kind = 'fee_receiver') as receivers_raw,
        sum(balance_raw::bignum) filter (where kind = 'vault') as to_claim_raw,
        sum(balance_raw::bignum) filter (where kind = 'silo') as to_redeem_raw,
        sum(balance_raw::bignum) filter (where kind = 'own') as own_raw,
        sum(balance_raw::bignum) filter (where kind = 'pool') as pool_raw,
        sum(balance_raw::bignum) filter (where kind = 'unlogged') as unlogged_raw
    from holders
    group by vault_id

),

judged as (

    select
        balances.*,
        investors.* exclude (vault_id),
        nullif(supply_raw::double, 0) as supply,
        case
            when records.reason = 'logs_missing' then 'logs_missing'
            when coalesce(holders_count, 0) = 0 then 'no_holders'
        end as reason
    from balances
    left join investors using (vault_id)
    left join records using (vault_id)

)

select
    vault_id,
    coalesce(holders_count, 0) as holders_count,
    coalesce(holders_ever_count, 0) as holders_ever_count,
    case when reason is null then top_1_share end as top_1_share,
    case when reason is null then least(top_10_share, 1) end as top_10_share,
    case when reason is null then herfindahl_index end as herfindahl_index,
    case when reason is null then 1 / herfindahl_index end as effective_holders,
    case when reason is null then coalesce(receivers_raw, 0::bignum)::double / supply
        end as fee_receivers_share,
    case when reason is null then coalesce(to_claim_raw, 0::bignum)::double / supply
        end as to_claim_share,
    case when reason is null then coalesce(to_redeem_raw, 0::bignum)::double / supply
        end as to_redeem_share,
    case when reason is null then coalesce(own_raw, 0::bignum)::double / supply
        end as own_share,
    case when reason is null then coalesce(pool_raw, 0::bignum)::double / supply
        end as pool_share,
    case when reason is null then coalesce(unlogged_raw, 0::bignum)::double / supply
        end as unlogged_share,
    reason
from judged
