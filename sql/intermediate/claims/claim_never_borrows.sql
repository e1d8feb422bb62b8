-- One row per vault: whether its accounts ever owed anything to the markets looked at.
-- Held only where all logs of the vault and of every market named are there over the
-- vault's whole life, up to the as-of day, and who holds the assets is known: a Safe or
-- accounts, or all strategies and adapters that the vault's own books tell of. Markets
-- that are not named are not looked at. What an account owed before the vault had a
-- log, and had repaid by then, was never the vault's debt. Where a market can lend
-- without a log that names who owes, what each account owes it was also read, at the
-- end of each day of the vault's life.
-- grain: vault_id
with

vaults as (

    select
        vault_id,
        safe,
        keeps_assets_elsewhere
    from staging.vaults
    inner join staging.families using (family)

),

lives as (

    select
        vault_id,
        first_block,
        last_block,
        is_covered as is_life_covered
    from intermediate.contract_coverage
    where role = 'vault'

),

protocols as (

    select
        family,
        market as protocol
    from staging.families
    where market is not null

),

markets as (

    select
        vault_id,
        count(*) as markets,
        bool_and(is_covered) as is_covered,
        string_agg(distinct protocol, ', ' order by protocol) as looked_at
    from intermediate.contract_coverage
    inner join protocols using (family)
    where role = 'lending'
    group by vault_id

),

names as (

    select
        vault_id,
        address,
        any_value(name) as name
    from staging.contracts
    where role in ('lending', 'venue')
    group by vault_id, address

),

looks as (

    select
        vault_id,
        count(*) as looks
    from staging.contract_events
    where role = 'lending'
    group by vault_id

),

missed as (

    select
        vaults.vault_id,
        string_agg(distinct protocol, ', ' order by protocol) as not_looked_at
    from vaults
    cross join protocols
    left join markets using (vault_id)
    where not contains(coalesce(looked_at, ''), protocol)
    group by vaults.vault_id

),

timed as (

    select
        debt_events.*,
        first_block,
        coalesce(block_number < first_block, false) as is_before
    from intermediate.debt_events as debt_events
    left join lives using (vault_id)

),

-- more than rounding
old_debts as (

    select
        vault_id,
        account,
        address,
        market,
        token
    from timed
    where is_before
    group by all
    having sum(amount_raw) > 2::bignum

),

events as (

    select
        timed.vault_id,
        count(*) as debts,
        count(*) filter (amount_raw > 0::bignum) as borrowings,
        min(if(is_before, first_block, block_number)) as first_debt_block,
        arg_min(name, log_position) as market_name,
        arg_min(transaction_hash, log_position) as transaction_hash,
        min(block_at) as first_at
    from timed
    left join old_debts
        on timed.vault_id = old_debts.vault_id
        and timed.account = old_debts.account
        and timed.address = old_debts.address
        and timed.market = old_debts.market
        and timed.token is not distinct from old_debts.token
    where not is_before or old_debts.vault_id is not null
    group by timed.vault_id

),

-- more than rounding; of debts before the vault's life only what was still owed in it
readings as (

    select
        readings.vault_id,
        count(*) filter (is_day) as positive,
        min(block_number) as positive_block,
        arg_min(contracts.name, block_number) as positive_market,
        min(block_at) as positive_at
    from intermediate.position_readings as readings
    left join lives using (vault_id)
    left join names as contracts using (vault_id, address)
    where side in ('debt', 'any_debt') and amount_raw > 2::bignum
        and block_number >= coalesce(first_block, 0)
    group by readings.vault_id

),

-- how many days a market that lends without a log was asked about each account
days_read as (

    select
        vault_id,
        address,
        account,
        count(distinct block_at::date) as days,
        min(block_at) as first_at,
        max(block_at) as last_at
    from (
        select
            vault_id,
            address,
            account,
            make_timestamp(epoch_us(block_at)) as block_at
        from intermediate.position_readings
        where side = 'debt' and is_day
    )
    group by vault_id, address, account

),

births as (

    select
        vault_id,
        make_timestamp(epoch_us(min(block_at)))::date as first_day
    from staging.events
    group by vault_id

),

silent_markets as (

    select distinct
        contracts.vault_id,
        contracts.address,
        families.market as protocol
    from staging.contracts as contracts
    inner join staging.families as families using (family)
    where contracts.role in ('lending', 'venue') and families.lends_silently

),

unread as (

    select
        silent_markets.vault_id,
        string_agg(distinct protocol, ', ' order by protocol) as silent,
        count(*) filter (
            days_read.days is null
            or days_read.first_at::date > births.first_day
            or days_read.last_at::date
                < (select as_of from staging.run)
            or days_read.days
                < days_read.last_at::date - days_read.first_at::date + 1
        ) as unread,
        min(days_read.days) as days
    from silent_markets
    inner join intermediate.asset_accounts as accounts
        on silent_markets.vault_id = accounts.vault_id
    left join births on silent_markets.vault_id = births.vault_id
    left join days_read
        on silent_markets.vault_id = days_read.vault_id
        and silent_markets.address = days_read.address
        and accounts.account = days_read.account
    group by silent_markets.vault_id

),

-- holders that events tell of and the config does not
holders as (

    select
        vault_id,
        venue as holder
    from intermediate.venue_moves
    where basis = 'books'

    union

    select
        vault_id,
        unnest([arguments->>'oldSafe', arguments->>'newSafe']) as holder
    from staging.events
    where event = 'SafeUpdated' and block_at < (select until_at from staging.run)

),

strangers as (

    select
        vault_id,
        count(*) as strangers
    from holders
    anti join intermediate.asset_accounts as accounts
        on holders.vault_id = accounts.vault_id and holders.holder = accounts.account
    group by vault_id

),

judged as (

    select
        vaults.vault_id,
        lives.first_block,
        lives.last_block,
        markets.markets,
        coalesce(looks, 0) as looks,
        looked_at,
        not_looked_at,
        debts,
        borrowings,
        market_name,
        transaction_hash,
        first_at,
        first_debt_block,
        positive_block,
        positive_market,
        positive_at,
        least(first_debt_block, positive_block) as broken_block,
        vaults.keeps_assets_elsewhere and vaults.safe is null
            and not exists (
                select 1
                from intermediate.asset_accounts as accounts
                where accounts.vault_id = vaults.vault_id and accounts.role != 'vault'
            ) as has_no_holder,
        coalesce(strangers, 0) as strangers,
        coalesce(positive, 0) as positive,
        coalesce(unread, 0) as unread,
        silent,
        days,
        coalesce(is_life_covered, false) as is_life_covered,
        coalesce(markets.is_covered and is_life_covered, false) as is_covered
    from vaults
    left join lives using (vault_id)
    left join markets using (vault_id)
    left join looks using (vault_id)
    left join missed using (vault_id)
    left join events using (vault_id)
    left join readings using (vault_id)
    left join strangers using (vault_id)
    left join unread using (vault_id)

)

select
    vault_id,
    case
        when broken_block is not null then 'broken'
        when is_covered and unread = 0 and not has_no_holder and strangers = 0
            then 'held'
        else 'not provable'
    end as verdict,
    case
        when debts > 0 and broken_block < first_debt_block
            then format(
                '{} readings of a debt, the first with {} on {} before any of {} debt '
                || 'events',
                positive,
                positive_market,
                strftime(make_timestamp(epoch_us(positive_at)), '%Y-%m-%d'),
                debts
            )
        when debts > 0
            then format(
                '{} debt events ({} borrowings), the first with {} on {} in {}',
                debts,
                borrowings,
                market_name,
                strftime(make_timestamp(epoch_us(first_at)), '%Y-%m-%d'),
                transaction_hash
            )
        when positive > 0
            then format('{} readings of a debt, without an event', positive)
        when has_no_holder
            then 'who holds the assets besides the vault is not configured (safe or '
                || 'accounts), so nobody''s borrowings could be looked for'
        when strangers > 0
            then format(
                '{} addresses that the vault''s events name as holding its assets are '
                || 'not among its accounts, so their borrowings were not looked for',
                strangers
            )
        when markets is null
            then 'no lending market is configured, so no borrowing could be seen'
        when first_block is null
            then 'the vault''s own logs are not there, so its life is not known'
        when not is_covered
            then format(
                'nothing is borrowed in {} events of {}, but the sources do not hold '
                || 'all logs of {} over the vault''s life, up to the as-of day',
                looks,
                looked_at,
                if(is_life_covered, 'these markets', 'these markets and of the vault')
            )
        when unread > 0
            then format(
                '{} can lend by a transfer that no log tells of, and what is owed was '
                || 'not read each day; nothing is borrowed in {} events of {}',
                silent, looks, looked_at
            )
        else format(
            'none of {} events of {} markets ({}) is a debt of the vault''s accounts; '
            || 'all their logs over the vault''s life were looked at{}; not looked at: '
            || '{}',
            looks,
            markets,
            looked_at,
            coalesce(
                format(
                    ', and nothing was owed to {}, which can lend without a log, '
                    || 'at the end of any of {} days',
                    silent, days
                ),
                ''
            ),
            coalesce(not_looked_at, 'none')
        )
    end as evidence,
    case when is_covered or debts > 0 then coalesce(looked_at, '') else '' end
        as looked_at,
    coalesce(not_looked_at, '') as not_looked_at,
    first_block as from_block,
    last_block as to_block,
    broken_block
from judged
