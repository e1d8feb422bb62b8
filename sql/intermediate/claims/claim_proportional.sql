-- One row per vault: whether price times supply was the assets at every point there is.
-- Broken where the family's own formula does not give the price, its pending fees and
-- its fee on exit counted. Where fees may be pending of which no source tells, a point
-- proves nothing. Not provable where the supply is not the sum of the mints and burns.
-- grain: vault_id
with

vaults as (

    select * from staging.vaults

),

points as (

    select
        vault_id,
        count(is_explained) as points,
        count(*) filter (not is_explained) as gaps,
        count(*) - count(is_explained) as untold,
        max_by(gap, abs(gap)) filter (is_explained is not null) as worst,
        min(block_number) filter (not is_explained) as broken_block,
        count(*) filter (pending_part > 0) as pending,
        max(pending_part) as most_pending,
        count(*) filter (exit_fee > 0) as exits,
        max(exit_fee) as most_exit_fee,
        count(is_accounted_for) as counted,
        count(*) filter (not is_accounted_for) as unaccounted,
        bool_or(has_accrued) as has_accrued,
        string_agg(distinct source, ', ' order by source) as sources,
        min(block_number) as from_block,
        max(block_number) as to_block
    from intermediate.proportion_points
    group by vault_id

),

lost as (

    select
        vault_id,
        lost_assets_raw
    from intermediate.lost_assets
    where lost_assets_raw > 0::bignum

)

select
    vaults.vault_id,
    case
        when gaps > 0 then 'broken'
        when points > 0 and unaccounted = 0 then 'held'
        else 'not provable'
    end as verdict,
    case
        when points.vault_id is null
            then 'no point has price, supply and assets from sources of their own'
        when points = 0
            then format(
                'at {} points ({}) the price is below what supply and assets give, by '
                || 'fees that may be pending and that no source tells',
                untold, sources
            )
        else format(
            'at {} points ({}) price times supply is the assets, but for {}; {}',
            points,
            sources,
            gaps,
            if(worst = 0, 'no gap', format('the worst gap is {:.2e}', worst))
        )
        || if(
            pending > 0,
            format(
                '; at {} of them fee shares count that are due and not yet minted, at '
                || 'most {:.2e} of the supply', pending, most_pending
            ), ''
        )
        || if(
            exits > 0,
            format(
                '; {} redemptions left a fee on exit in the vault, at most {:.2f} % of '
                || 'their shares', exits, 100 * most_exit_fee
            ), ''
        )
        || if(
            untold > 0 and points > 0,
            format('; at {} more no source tells the fees that are pending', untold), ''
        )
        || if(
            counted > 0,
            format(
                '; at {} of {} the supply is not the sum of the mints and burns{}',
                unaccounted, counted,
                if(
                    has_accrued,
                    ', fees that accrue without a log left aside', ''
                )
            ), ''
        )
        || coalesce(
            format(
                '; of these assets the vault counts {:,.2f} as lost',
                lost_assets_raw::double / 10::double ^ asset_decimals
            ), ''
        )
    end as evidence,
    from_block,
    to_block,
    broken_block
from vaults
left join points using (vault_id)
left join lost using (vault_id)
