-- One row per Lagoon settlement leg: whether it moved assets and shares at its price.
-- The price is that of the totals after the leg. Of a redemption the fee on exit
-- stays in the vault as shares.
-- formula: gap = ((shares - exit fee shares) x (total assets + 1)
--   / (total supply + 10 ^ (share - asset decimals)) - assets) / assets
-- Two raw units are rounding; an emptied vault has no price.
-- grain: vault_id, log_position
with

exit_fees as (

    select
        vault_id,
        settled_position as log_position,
        fee_raw
    from intermediate.lagoon_exit_fees

),

legs as (

    select
        legs.vault_id,
        legs.log_position,
        block_number,
        is_accounted_for,
        legs.total_assets_raw,
        legs.total_supply_raw,
        coalesce(arguments->>'assetsDeposited', arguments->>'assetsWithdrawed')::bignum
            as assets_raw,
        coalesce(arguments->>'sharesMinted', arguments->>'sharesBurned')::bignum
            as shares_raw,
        fee_raw
    from intermediate.lagoon_settlement_legs as legs
    inner join staging.events using (vault_id, log_position)
    left join exit_fees using (vault_id, log_position)
    where block_at < (select until_at from staging.run)

)

select
    vault_id,
    log_position,
    block_number,
    is_accounted_for,
    coalesce(fee_raw::double, 0) / nullif(shares_raw::double, 0) as exit_fee,
    (
        (shares_raw - coalesce(fee_raw, 0::bignum))::double
            * (total_assets_raw + 1::bignum)::double
            / (
                total_supply_raw + (
                    10::double ^ (share_decimals - asset_decimals)
                )::hugeint::bignum
            )::double - assets_raw::double
    ) as difference,
    case
        when abs(difference) > 2 then difference / nullif(assets_raw::double, 0)
        else 0
    end as gap
from legs
inner join staging.vaults using (vault_id)
where total_supply_raw > 0::bignum
