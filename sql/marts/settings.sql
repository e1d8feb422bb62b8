-- One row per vault and function that tells how its contracts are set, as last read.
-- A change shows here even where no event tells it. What prices are computed from, and
-- what a proxy points to, is elsewhere. Read at each day's end, names and such once.
-- grain: vault_id, contract, setting
-- units:
--   block number: block_number, since_block
-- columns:
--   vault_id: the vault's id in the config
--   contract: whose function it is: vault, asset, accountant or safe
--   setting: the function's name
--   value: what it answered last, exactly as the contract gives it: integers in raw
--     units, lists in JSON
--   value_before: what it had answered before that; null: nothing else was ever read
--   block_number: block of the last answer
--   read_at: its time
--   since_block: first block of which the value was read without another in between
--   since_at: its time; without value_before, when it was first read, not when set
with

answers as (

    select
        vaults.vault_id,
        states.field,
        states.block_number,
        states.block_at,
        coalesce(states.text, states.value::varchar) as answer
    from staging.states
    inner join staging.vaults as vaults using (chain_id, address)
    where states.status = 'ok' and states.argument = ''
        and not starts_with(states.field, 'proxy.')
        and not starts_with(states.field, 'code.')
        and states.field not in (
            'totalAssets', 'totalSupply', 'pricePerShare', 'accountant.getRate',
            'lockedProfit', 'lockedProfitDegradation', 'lastReport', 'lastTotalAssets',
            'accrueInterestView', 'lostAssets'
        )

),

lasts as (

    select
        vault_id,
        field,
        arg_max(answer, block_number) as last_answer,
        max(block_number) as last_block,
        max(block_at) as last_at
    from answers
    group by vault_id, field

),

others as (

    select
        answers.vault_id,
        answers.field,
        arg_max(answer, block_number) as answer_before,
        max(block_number) as other_block
    from answers
    inner join lasts using (vault_id, field)
    where answer != last_answer
    group by answers.vault_id, answers.field

)

select
    vault_id,
    case
        when contains(field, '.') then split_part(field, '.', 1)
        else 'vault'
    end as contract,
    split_part(field, '.', -1) as setting,
    any_value(last_answer) as value,
    any_value(answer_before) as value_before,
    any_value(last_block) as block_number,
    any_value(last_at) as read_at,
    min(answers.block_number) filter (
        answers.block_number > coalesce(other_block, -1)
    ) as since_block,
    min(answers.block_at) filter (
        answers.block_number > coalesce(other_block, -1)
    ) as since_at
from answers
inner join lasts using (vault_id, field)
left join others using (vault_id, field)
group by vault_id, field
