-- One row per vault and day of which something is known: what stands behind its price.
-- Columns, formulas and verdicts are those of marts.backing.
-- grain: vault_id, day
select
    days.vault_id,
    days.day,
    days.verdict,
    case days.verdict
        when 'unbacked' then 'loss_known'
        when 'impaired' then 'loss_known'
        when 'illiquid' then if(is_synchronous, 'no_way_out', 'request_unpaid')
        when 'backed' then 'assets_valued'
        else if(claimed_assets > 0, 'assets_not_valued', 'no_claimed_assets')
    end as reason,
    days.is_synchronous,
    days.claimed_assets,
    days.known_loss,
    days.known_loss_share,
    days.lost_assets,
    days.bad_debt,
    days.withdrawable_assets,
    days.withdrawable_at_least,
    days.idle_assets,
    days.allocated_assets,
    days.stuck_assets,
    days.stuck_share,
    days.valued_share,
    days.worst_utilisation,
    markets.market as worst_market,
    days.utilisation,
    days.oldest_request_days,
    nullif(
        concat_ws(
            ', ',
            if(lost_assets is not null, 'losses', null),
            if(bad_debt is not null, 'bad_debt', null),
            if(is_liquidity_told, 'liquidity', null),
            if(idle_assets is not null, 'idle_assets', null),
            if(is_market_told, 'markets', null),
            if(is_pause_told, 'pause', null),
            if(oldest_request_days is not null, 'requests', null)
        ),
        ''
    ) as looked_at,
    nullif(
        concat_ws(
            ', ',
            if(lost_assets is not null, null, 'losses'),
            if(bad_debt is not null, null, 'bad_debt'),
            if(is_liquidity_told, null, 'liquidity'),
            if(idle_assets is not null, null, 'idle_assets'),
            if(is_market_told, null, 'markets'),
            if(is_pause_told, null, 'pause')
        ),
        ''
    ) as not_looked_at,
    days.told_at
from intermediate.backing_verdicts as days
left join intermediate.lending_markets as markets
    on days.worst_market_number = markets.market_number
