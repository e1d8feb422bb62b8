-- One row per vault, UTC day and fact of the vault as a whole: the last of the day.
-- columns:
--   fact: lost_assets, idle_assets, withdrawable_assets, withdrawable_at_least,
--     total_assets and stuck_assets in units of the asset, or utilisation, a fraction
--   amount: what it says; withdrawable_assets are all that can be withdrawn, and
--     stuck_assets those of which nothing comes out
-- Each source is a branch of told. A node tells what can be withdrawn at least and,
-- where no more can, the rest as stuck_assets; these are 0 where more may be withdrawn,
-- so that what was stuck the day before no longer is.
-- grain: vault_id, fact_date, fact
-- stored
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

told as (

    -- files
    select
        facts.vault_id,
        facts.fact,
        facts.observed_at,
        facts.row_position as position,
        coalesce(
            facts.fraction,
            facts.amount::double / 10::double ^ vaults.asset_decimals,
            facts.amount_usd / dollars.asset_price
        ) as amount
    from staging.reading_facts as facts
    inner join vaults using (vault_id)
    left join intermediate.asset_dollars as dollars
        on facts.vault_id = dollars.vault_id and facts.fact_date = dollars.price_date

    union all

    -- a node: what the vault's code counts as lost
    select
        vaults.vault_id,
        'lost_assets',
        states.block_at,
        (states.block_number + 1) * 1_000_000 - 1,
        states.value::double / 10::double ^ vaults.asset_decimals
    from staging.states as states
    inner join vaults using (chain_id, address)
    where states.field = 'lostAssets' and states.status = 'ok'

    union all

    -- a node: what the vault's code lets its largest holder take out
    select
        vault_id,
        unnest(['withdrawable_at_least', 'stuck_assets']),
        block_at,
        (block_number + 1) * 1_000_000 - 1,
        unnest([withdrawable_assets, stuck_assets])
    from intermediate.exits

    union all

    -- logs: what it counts as lost, announced
    select
        vaults.vault_id,
        'lost_assets',
        events.block_at,
        events.log_position,
        (events.arguments->>'newLostAssets')::double
            / 10::double ^ vaults.asset_decimals
    from staging.events as events
    inner join vaults using (vault_id)
    where events.event = 'UpdateLostAssets'

)

select
    vault_id,
    make_timestamp(epoch_us(observed_at))::date as fact_date,
    fact,
    max(observed_at) as observed_at,
    arg_max(amount, (observed_at, position)) as amount
from told
where amount is not null and observed_at < (select until_at from run)
group by all
