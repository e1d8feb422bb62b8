-- One row per state and reading that only repeats a Lagoon vault's last settlement.
-- A Lagoon price stands until the next valuation. Totals read again are rounded after
-- its flows, which is neither a gain nor a loss: the settlement's own price is taken.
-- One that differs by more shows that a log is missing, and is a price of its own.
-- formula: abs(price / settled price - 1) <= 1e-9 + 4 / total assets in raw units
-- grain: vault_number, source_rank, position
-- stored
with

settlements as (

    select
        vault_number,
        observed_at,
        share_price as settled_price
    from intermediate.event_prices
    where is_possible
        and source_rank in (
            intermediate.source_rank('lagoon_settlement'),
            intermediate.source_rank('lagoon_event')
        )

),

read_again as (

    select
        vault_number,
        intermediate.source_rank('node_state') as source_rank,
        block_number as position,
        observed_at,
        share_price,
        total_assets_raw
    from intermediate.state_prices
    union all
    select
        vault_number,
        intermediate.source_rank('reading') as source_rank,
        reading_position as position,
        observed_at,
        share_price,
        total_assets_raw
    from intermediate.reading_prices

),

of_settled_vaults as (

    select *
    from read_again
    semi join settlements using (vault_number)

)

select
    read_again.vault_number,
    read_again.source_rank,
    read_again.position,
    settlements.settled_price
from of_settled_vaults as read_again
asof inner join settlements
    on read_again.vault_number = settlements.vault_number
    and read_again.observed_at >= settlements.observed_at
where abs(read_again.share_price / settlements.settled_price - 1)
    <= 1e-9 + coalesce(4 / nullif(read_again.total_assets_raw::double, 0), 0)
