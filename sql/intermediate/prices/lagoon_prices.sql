-- One row per Lagoon valuation: the price per share after its fees, before its flows.
-- formula: (total assets + 1) / (total supply + 10 ^ (share - asset decimals))
-- A valuation that moves the vault's assets is the only way a Lagoon price changes;
-- deposits and redemptions settle at it, and request claims repeat it later.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select * from staging.vaults where family = 'lagoon'

),

supply as (

    select * from intermediate.supply_changes

),

legs as (

    select * from intermediate.lagoon_settlement_legs

),

valuations as (

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        file_id,
        block_at,
        (arguments->>'totalAssets')::bignum as total_assets_raw,
        lead(log_position) over (
            partition by vault_id, transaction_hash order by log_position
        ) as next_position
    from staging.events
    where event = 'TotalAssetsUpdated'

),

transaction_ends as (

    select
        vault_id,
        transaction_hash,
        max(log_position) + 1 as end_position
    from staging.events
    group by all

),

-- fees are minted between the valuation and the first flow of the transaction
fee_windows as (

    select
        valuations.*,
        least(
            min(coalesce(supply.log_position, end_position)),
            min(coalesce(next_position, end_position))
        ) as fees_end
    from valuations
    inner join transaction_ends using (vault_id, transaction_hash)
    left join supply
        on valuations.vault_id = supply.vault_id
        and valuations.transaction_hash = supply.transaction_hash
        and valuations.log_position < supply.log_position
        and supply.is_settlement_leg
    group by all

),

valued as (

    select
        fee_windows.*,
        coalesce(supply.total_supply_raw, 0::bignum) as total_supply_raw
    from fee_windows
    asof left join supply
        on fee_windows.vault_id = supply.vault_id
        and fee_windows.fees_end > supply.log_position

),

own_legs as (

    select
        vault_id,
        transaction_hash,
        arg_min(total_assets_raw, log_position) as total_assets_raw,
        arg_min(total_supply_raw, log_position) as total_supply_raw,
        bool_and(is_accounted_for) as is_accounted_for
    from legs
    group by all

),

next_legs as (

    select * from legs

),

openings as (

    select
        vault_id,
        true as is_whole
    from intermediate.lagoon_openings

),

-- a valuation without a flow of its own is as good as the flows on both sides of it:
-- an archive that begins mid-life, or has a gap, shows only at the next; where there
-- are no flows at all, the archive must begin with the vault
checked as (

    select
        valued.*,
        own_legs.total_assets_raw as leg_assets_raw,
        own_legs.total_supply_raw as leg_supply_raw,
        coalesce(
            own_legs.is_accounted_for,
            coalesce(legs.is_accounted_for, next_legs.is_accounted_for, is_whole, false)
                and coalesce(next_legs.is_accounted_for, true)
        ) as is_accounted_for
    from valued
    asof left join legs
        on valued.vault_id = legs.vault_id
        and valued.log_position >= legs.log_position
    asof left join next_legs
        on valued.vault_id = next_legs.vault_id
        and valued.log_position <= next_legs.log_position
    left join openings on valued.vault_id = openings.vault_id
    left join own_legs
        on valued.vault_id = own_legs.vault_id
        and valued.transaction_hash = own_legs.transaction_hash

),

-- under a thousandth of a share the virtual shares decide, not the assets
chosen as (

    select
        checked.*,
        10::double ^ (share_decimals - 3) as least_supply,
        10::double ^ (share_decimals - asset_decimals) as virtual_shares,
        not is_accounted_for
            or checked.total_supply_raw::double < least_supply as takes_leg
    from checked
    inner join vaults using (vault_id)

)

select
    vault_id,
    log_position,
    block_number,
    block_at,
    file_id,
    case when takes_leg then leg_assets_raw else total_assets_raw end
        as price_assets_raw,
    case when takes_leg then leg_supply_raw else total_supply_raw end
        as price_supply_raw,
    (price_assets_raw + 1::bignum)::double
        / (price_supply_raw + virtual_shares::hugeint::bignum)::double
        * virtual_shares as share_price,
    is_accounted_for
from chosen
where price_supply_raw::double >= least_supply
