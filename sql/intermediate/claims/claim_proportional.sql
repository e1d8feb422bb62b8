-- One row per vault: whether price times supply was the assets at every point there is.
-- Broken by a gap over a millionth, or a price cut to the asset's last digit.
-- grain: vault_id
with

vaults as (

    select * from staging.vaults

),

points as (

    select
        vault_id,
        count(*) as points,
        count(*) filter (
            abs(gap) > 1e-6 + if(source = 'reading', 10::double ^ -asset_decimals, 0)
        ) as gaps,
        max_by(gap, abs(gap)) as worst,
        min(block_number) filter (
            abs(gap) > 1e-6 + if(source = 'reading', 10::double ^ -asset_decimals, 0)
        ) as broken_block,
        count(*) filter (not is_accounted_for) as unaccounted,
        string_agg(distinct source, ', ' order by source) as sources,
        min(block_number) as from_block,
        max(block_number) as to_block
    from intermediate.proportion_points
    inner join vaults using (vault_id)
    group by vault_id

)

select
    vaults.vault_id,
    case
        when gaps > 0 then 'broken'
        when points > 0 and unaccounted = 0 then 'held'
        else 'not provable'
    end as verdict,
    case
        when points is null
            then 'no point has price, supply and assets from sources of their own'
        else format(
            'at {} points ({}) price times supply is the assets, but for {}; the worst '
            || 'gap is {:.2e}; at {} the supply is not the sum of the mints and burns',
            points, sources, gaps, worst, unaccounted
        )
    end as evidence,
    from_block,
    to_block,
    broken_block
from vaults
left join points using (vault_id)
