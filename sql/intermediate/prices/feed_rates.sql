-- One row per answer that a vault's price feed logged: the price from then on.
-- Any feed that logs as Chainlink's do. The answer has as many decimals as the vault's
-- asset, because it is in that: the config gives the feed's. Of a feed whose answer
-- grows by a rate, the days in between are read from a node.
-- Under a thousandth of a share there is nobody whose price it is: no row.
-- grain: vault_id, log_position
-- stored
with

answers as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        file_id,
        (arguments->>'answer')::bignum as rate_raw
    from staging.contract_events
    where role = 'accountant' and event = 'AnswerUpdated' and block_at is not null

),

supply as (

    select
        vault_id,
        log_position,
        total_supply_raw
    from intermediate.supply_changes

)

select
    answers.vault_id,
    vault_number,
    answers.log_position,
    answers.block_number,
    answers.block_at,
    answers.file_id,
    answers.rate_raw,
    answers.rate_raw::double / 10::double ^ asset_decimals as share_price
from answers
inner join staging.vaults using (vault_id)
asof left join supply
    on answers.vault_id = supply.vault_id
    and answers.log_position >= supply.log_position
where total_supply_raw::double >= 10::double ^ (share_decimals - 3)
    or answers.vault_id not in (select vault_id from supply)
