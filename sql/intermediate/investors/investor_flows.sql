-- One row per investor and moment at which it paid in or took out: the net of it.
-- scope is vault (all investors as one), cohort (who came in one month) or holder.
-- Receivers of fees are holders, but no part of the vault or of a cohort: their shares
-- were not paid for; nor is the vault's own account. A pool is none either: what it is
-- given leaves the investors at its value, what it gives comes in. What moves between
-- two investors of a scope is none of its flows. assets are as the investor sees them;
-- shares are what its holding changes by.
-- grain: vault_id, scope, who, flow_at
-- stored
-- one thread
with

receivers as (

    select
        vault_id,
        account as holder,
        true as is_receiver,
        kind = 'pool' as is_pool
    from intermediate.internal_share_accounts
    where kind in ('fee_receiver', 'own', 'pool')

),

changes as (

    select
        holder_flows.*,
        receivers.is_receiver is not null as is_receiver,
        coalesce(receivers.is_pool, false) as is_pool,
        counterparties.is_receiver is not null as is_from_receiver
    from intermediate.holder_flows
    left join receivers using (vault_id, holder)
    left join receivers as counterparties
        on holder_flows.vault_id = counterparties.vault_id
        and holder_flows.counterparty = counterparties.holder

),

cohorts as (

    select
        vault_id,
        holder,
        strftime(min(block_at) at time zone 'UTC', '%Y-%m') as cohort
    from changes
    where not is_receiver and holder != 'unattributed'
    group by vault_id, holder

),

scoped as (

    select
        vault_id,
        'vault' as scope,
        'all' as who,
        block_at,
        shares,
        assets
    from changes
    where not is_receiver and (counterparty is null or is_from_receiver)

    union all

    select
        changes.vault_id,
        'cohort',
        cohort,
        block_at,
        shares,
        assets
    from changes
    inner join cohorts using (vault_id, holder)

    union all

    select
        vault_id,
        'holder',
        holder,
        block_at,
        shares,
        assets
    from changes
    where holder != 'unattributed' and not is_pool

),

netted as (

    select
        vault_id,
        scope,
        who,
        block_at,
        sum(shares) as shares,
        sum(abs(shares)) as moved_shares,
        sum(assets) as assets,
        sum(abs(assets)) as moved_assets,
        sum(least(assets, 0)) as paid_in,
        sum(greatest(assets, 0)) as taken_out,
        bool_or(assets is null) as is_unpriced
    from scoped
    group by vault_id, scope, who, block_at

)

select
    vault_id,
    scope,
    who,
    block_at as flow_at,
    shares,
    moved_shares,
    -- what cancels but for float noise is no flow
    case when abs(assets) > 1e-12 * moved_assets then assets else 0 end as assets,
    paid_in,
    taken_out,
    is_unpriced
from netted
order by vault_id, scope, who, flow_at
