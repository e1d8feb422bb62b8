-- One row per configured vault: what it is, how far its record reaches, how fresh.
-- grain: vault_id
-- units:
--   asset: total_assets, largest_total_assets, lost_assets, fees_owed
--   shares: waiting_shares
--   asset per share: share_price
--   fraction: coverage, lost_share
--   days: longest_gap_days, cooldown_days
--   count: readings_count, price_points_count, days_count, days_with_price
--   block number: block_number
--   place: config_position
--   chain id: chain_id
--   decimals: asset_decimals, share_decimals
-- columns:
--   vault_id: the vault's id in the config
--   config_position: its place in the config, from 1
--   chain_id: chain of the contract
--   address: the contract, lower case; with the chain it identifies the vault
--   name: display name from the config
--   family: lagoon, erc4626, erc7540 or observed
--   asset_symbol: what a share price is counted in
--   asset_decimals: decimals of the asset
--   share_decimals: decimals of the share
--   safe: the Safe that holds the assets at work, if configured
--   source_note: what the config says of the files the prices came from
--   status: live, stale (over 48 hours old), closed (price 0), not_started, no_reading
--   is_flat: whether the price was read but has not changed for 7 days or more
--   first_at: inception, the first price point
--   last_at: the last price point
--   last_change_at: the last price point at which the price changed
--   share_price: price of one share at the last price point, in units of the asset
--   total_assets: assets at the last price point and after its flows, in units of the
--     asset
--   largest_total_assets: most assets at any price point
--   block_number: block of the last price point, if known
--   readings_count: moments with an accepted price, start to end
--   price_points_count: price points: the first reading, then the last of each day
--   days_count: UTC days from the first price point to the last
--   days_with_price: days with a price point
--   coverage: days with a price point / days from the first price point to the last
--   longest_gap_days: longest time between two price points
--   start_rule_applied: whether the start rule decided where the record begins
--   lost_assets: assets that the vault's code counts as lost though its price still
--     counts them, in units of the asset; null: its code counts none
--   lost_share: lost_assets / total_assets
--   paused: its contracts that were paused when last read, by their role, a governor by
--     its name; null: none, or not known
--   paused_since: the first moment at which the first of them was seen so
--   cooldown_days: days from the burn of shares, or from a request to a queue, to the
--     earliest payment by the vault's own rules, as last known; null: it has none
--   waiting_shares: shares that were asked to be redeemed and are not known to be
--     settled
--   fees_owed: fees in assets that are due and not paid, in units of the asset, as last
--     read (Veda); null: not known. Whether the price is net of them nobody tells
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

starts as (

    select * from intermediate.inceptions

),

records as (

    select * from intermediate.track_records

),

lasts as (

    select * from intermediate.last_assets

),

lost as (

    select
        vault_id,
        lost_assets_raw::double / 10::double ^ asset_decimals as lost_assets
    from intermediate.lost_assets
    inner join vaults using (vault_id)

),

paused as (

    select
        vault_id,
        string_agg(distinct contract, ', ' order by contract) as paused,
        min(paused_since) as paused_since
    from intermediate.pauses
    where is_paused
    group by vault_id

),

terms as (

    select
        vault_id,
        cooldown_seconds / 86400 as cooldown_days
    from intermediate.redemption_terms

),

waiting as (

    select
        vault_id,
        sum(shares) as waiting_shares
    from intermediate.redemptions
    where status in ('waiting', 'unknown')
    group by vault_id

),

owed as (

    select
        vault_id,
        owed_raw::double / 10::double ^ asset_decimals as fees_owed
    from intermediate.veda_fees_owed
    inner join vaults using (vault_id)

),

noted_files as (

    select * from staging.files where note != ''

),

notes as (

    select
        vault_id,
        string_agg(distinct note, '; ' order by note) as source_note
    from intermediate.price_observations
    inner join noted_files using (file_id)
    group by vault_id

)

select
    vaults.vault_id,
    vaults.vault_number as config_position,
    vaults.chain_id,
    vaults.address,
    vaults.name,
    vaults.family,
    vaults.asset_symbol,
    vaults.asset_decimals,
    vaults.share_decimals,
    vaults.safe,
    coalesce(notes.source_note, '') as source_note,
    case
        when starts.vault_id is null then 'no_reading'
        when records.vault_id is null then 'not_started'
        when records.last_price = 0 then 'closed'
        when run.until_at - records.last_at > interval 48 hours then 'stale'
        else 'live'
    end as status,
    coalesce(
        records.last_at - records.last_change_at >= interval 7 days, false
    ) as is_flat,
    records.first_at,
    records.last_at,
    records.last_change_at,
    records.last_price as share_price,
    lasts.total_assets,
    records.largest_total_assets,
    lasts.block_number,
    coalesce(starts.readings_count, 0) as readings_count,
    coalesce(records.price_points_count, 0) as price_points_count,
    coalesce(records.days_count, 0) as days_count,
    coalesce(records.days_with_price, 0) as days_with_price,
    records.days_with_price / records.days_count as coverage,
    records.longest_gap_days,
    coalesce(starts.has_start_rule, false) as start_rule_applied,
    lost.lost_assets,
    lost.lost_assets / nullif(lasts.total_assets, 0) as lost_share,
    paused.paused,
    paused.paused_since,
    terms.cooldown_days,
    waiting.waiting_shares,
    owed.fees_owed
from vaults
cross join run
left join starts using (vault_id)
left join records using (vault_id)
left join lasts using (vault_id)
left join lost using (vault_id)
left join paused using (vault_id)
left join terms using (vault_id)
left join waiting using (vault_id)
left join owed using (vault_id)
left join notes using (vault_id)
order by vaults.vault_number
