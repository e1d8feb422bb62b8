-- One row per rate that logs of a Veda vault's accountant tell: the price from then on.
-- A posted rate stands, in or out of bounds. Each log states the rate before it, too:
-- that of the first holds since the vault's first shares, if logs of the accountant are
-- there from before. previous_raw: null where the log states none, as that of an
-- accountant that streams yield, whose rate rises by the clock until the next.
-- accountant: null for the rate before the first post, which is none
-- is_after_gap: it is not the rate that was logged last, so that a log is missing
-- Under a thousandth of a share there is nobody whose price it is: no row.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select * from staging.vaults where family = 'veda'

),

logs as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        file_id,
        address,
        event,
        arguments
    from staging.contract_events
    semi join vaults using (vault_id)
    where role = 'accountant' and block_at is not null

),

posts as (

    select
        *,
        coalesce(arguments->>'newRate', arguments->>'newExchangeRate')::bignum
            as rate_raw,
        (arguments->>'oldRate')::bignum as previous_raw,
        coalesce(
            previous_raw != lag(rate_raw) over (
                partition by vault_id, address order by log_position
            ),
            false
        ) as is_after_gap
    from logs
    where event = 'ExchangeRateUpdated'

),

supply as (

    select
        vault_id,
        log_position,
        total_supply_raw
    from intermediate.supply_changes
    semi join vaults using (vault_id)

),

births as (

    select
        vault_id,
        min(log_position) as first_mint
    from supply
    group by vault_id

),

accountants as (

    select
        vault_id,
        min(log_position) as first_log
    from logs
    group by vault_id

),

first_posts as (

    select
        vault_id,
        min(log_position) as first_post,
        arg_min(previous_raw, log_position) as rate_raw
    from posts
    group by vault_id

),

-- the rate before the first post, as of the vault's first shares
openings as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        file_id,
        null::varchar as accountant,
        first_posts.rate_raw,
        null::bignum as previous_raw,
        false as is_after_gap
    from staging.events
    inner join births using (vault_id)
    inner join accountants using (vault_id)
    inner join first_posts using (vault_id)
    where log_position = first_mint and first_log < first_mint
        and first_mint < first_post and first_posts.rate_raw is not null
        and block_at is not null

),

rates as (

    select * from openings
    union all
    select
        vault_id,
        log_position,
        block_number,
        block_at,
        file_id,
        address,
        rate_raw,
        previous_raw,
        is_after_gap
    from posts

)

select
    rates.vault_id,
    vault_number,
    rates.log_position,
    rates.block_number,
    rates.block_at,
    rates.file_id,
    rates.accountant,
    rates.rate_raw,
    rates.previous_raw,
    rates.is_after_gap,
    rates.rate_raw::double / 10::double ^ asset_decimals as share_price
from rates
inner join vaults using (vault_id)
asof left join supply
    on rates.vault_id = supply.vault_id and rates.log_position >= supply.log_position
where coalesce(
        total_supply_raw::double >= 10::double ^ (share_decimals - 3),
        rates.vault_id not in (select vault_id from births)
    )
