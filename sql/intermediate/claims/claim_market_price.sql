-- One row per vault: whether its shares traded near their value in the pools looked at.
-- Broken by a day on which the pools' own price, without their fees, was on average
-- over 1 % from the price per share; held only where all trades of the pools are there
-- over the vault's life. What a trader lost to fees alone stands in the evidence.
-- grain: vault_id
with

vaults as (

    select * from staging.vaults

),

pools as (

    select
        vault_id,
        count(*) as pools,
        bool_and(is_covered) as is_covered,
        min(from_block) as from_block,
        max(to_block) as to_block
    from intermediate.contract_coverage
    where role = 'pool'
    group by vault_id

),

trades as (

    select
        vault_id,
        count(*) as trades
    from intermediate.market_trades
    where premium is not null
    group by vault_id

),

days as (

    select
        vault_id,
        count(*) as days,
        count(*) filter (abs(pool_premium) > 0.01) as far_days,
        count(*) filter (abs(premium) > 0.01 and not abs(pool_premium) > 0.01)
            as fee_days,
        max(fee) as fee,
        arg_max(pool_premium, abs(pool_premium)) as worst,
        arg_max(price_date, abs(pool_premium)) as worst_date,
        max(discount_days) as longest_discount,
        min(market_drawdown) as market_drawdown,
        min(value_drawdown) as value_drawdown,
        min(price_date) filter (abs(pool_premium) > 0.01) as broken_date
    from intermediate.market_days
    group by vault_id

),

broken as (

    select
        trades.vault_id,
        min(block_number) as broken_block
    from intermediate.market_trades as trades
    inner join days
        on trades.vault_id = days.vault_id
        and make_timestamp(epoch_us(traded_at))::date = broken_date
    where premium is not null
    group by trades.vault_id

)

select
    vaults.vault_id,
    case
        when far_days > 0 then 'broken'
        when days > 0 and is_covered then 'held'
        else 'not provable'
    end as verdict,
    case
        when pools is null then 'no pool is configured'
        when days is null then 'no trade of the pools could be priced'
        else format(
            '{} trades on {} days; the pools'' own price was on average over 1 % from '
            || 'the value on {}; worst {:+.2f} % on {}{}; longest discount {} days; '
            || 'drawdown {:.2f} % on the market, {:.2f} % by the price per share{}',
            trades,
            days,
            far_days,
            100 * worst,
            worst_date::varchar,
            case
                when fee is null then '; the pools'' fees are not known'
                else format('; fees of up to {:.4g} % come on top', 100 * fee)
            end || case
                when fee_days > 0 then format(
                    ', by which alone the price paid was over 1 % off on {}', fee_days
                )
                else ''
            end,
            longest_discount,
            100 * market_drawdown,
            100 * value_drawdown,
            case when is_covered then ''
            else '; the sources do not hold all trades over the vault''s life' end
        )
    end as evidence,
    pools.from_block,
    pools.to_block,
    broken_block
from vaults
left join pools using (vault_id)
left join trades using (vault_id)
left join days using (vault_id)
left join broken using (vault_id)
