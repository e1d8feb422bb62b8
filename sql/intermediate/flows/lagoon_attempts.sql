-- One row per Lagoon valuation, each of which tries to settle the pending redemptions.
-- Due are those asked for before the proposal that the valuation accepts. A redemption
-- that was due and is not settled was passed over: the Safe had too little.
-- grain: vault_id, log_position
with

vaults as (

    select * from staging.vaults where family = 'lagoon'

),

run as (

    select * from staging.run

),

events as (

    select
        vault_id,
        log_position,
        transaction_hash,
        event
    from staging.events
    semi join vaults using (vault_id)
    where event in ('TotalAssetsUpdated', 'NewTotalAssetsUpdated')
        and block_at < (select until_at from run)

),

followed as (

    select
        *,
        max(case when event = 'NewTotalAssetsUpdated' then log_position end) over (
            partition by vault_id order by log_position rows unbounded preceding
        ) as proposed_position
    from events

)

select
    vault_id,
    log_position,
    transaction_hash,
    proposed_position,
    row_number() over (partition by vault_id order by log_position) as attempt
from followed
where event = 'TotalAssetsUpdated' and proposed_position is not null
