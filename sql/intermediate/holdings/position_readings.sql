-- One row per block at which a market told what a vault's account has in it or owes.
-- Of a market that was not there yet it is nothing. side: supply, collateral or debt.
-- amount_raw is in raw units of token, which is empty where nobody tells it. Shares are
-- worth what the venue converts them to; what Morpho keeps is as of the last time it
-- accrued interest. is_day: what was read of all accounts alike, not of one that came
-- to owe. side any_debt is Aave's sum over all tokens, in a unit of its own.
-- grain: vault_id, address, market, side, token, account, block_number, is_day
-- stored
with

contracts as (

    select
        vault_id,
        chain_id,
        address,
        any_value(contracts.family) as family,
        bool_or(role = 'venue') as is_venue,
        any_value(standard is not null) as has_shares
    from staging.contracts
    inner join staging.families using (family)
    where role in ('venue', 'lending', 'account')
    group by vault_id, chain_id, address

),

states as (

    select
        *,
        string_split(argument, ' ') as words
    from staging.states
    where starts_with(field, 'market.') and status in ('ok', 'no_code')

),

debt_tokens as (

    select distinct
        chain_id,
        address
    from states
    where field = 'market.DEBT_TOKEN_REVISION' and status = 'ok'

),

pools as (

    select distinct vault_id
    from contracts
    where family in ('aave_v2', 'aave_v3')

),

-- a pool's token that is a venue of its own speaks for itself
own_tokens as (

    select distinct
        pools.vault_id,
        pools.address,
        states.words[1] as token
    from contracts as pools
    inner join states
        on pools.chain_id = states.chain_id and pools.address = states.address
    inner join contracts as tokens
        on pools.vault_id = tokens.vault_id and states.text = tokens.address
    where states.field = 'market.aToken' and tokens.is_venue

),

worths as (

    select
        chain_id,
        address,
        block_number,
        value::double / argument::double as price
    from states
    where field = 'market.convertToAssets' and status = 'ok'

),

totals as (

    select
        chain_id,
        address,
        block_number,
        words[1] as market,
        text as market_text
    from states
    where field = 'market.market' and status = 'ok'

),

asked as (

    select
        contracts.vault_id,
        contracts.family,
        contracts.has_shares,
        states.chain_id,
        states.address,
        states.block_number,
        states.block_at,
        states.field,
        states.words,
        case when states.status = 'no_code' then 0::bignum else states.value end
            as value,
        case
            when field in ('market.position', 'market.getUserAccountData')
                then states.text
        end as texts,
        contracts.is_venue
    from states
    inner join contracts
        on states.chain_id = contracts.chain_id and states.address = contracts.address

),

plain as (

    select
        asked.vault_id,
        asked.address,
        '' as market,
        case
            when field in (
                'market.borrowBalanceOf', 'market.borrowBalanceOf.first',
                'market.borrowBalanceCurrent', 'market.debtOf',
                'market.stableDebtToken.balanceOf', 'market.variableDebtToken.balanceOf'
            ) then 'debt'
            when field = 'market.collateralBalanceOf' then 'collateral'
            when debt_tokens.address is not null then 'debt'
            else 'supply'
        end as side,
        case
            when field in (
                'market.aToken.balanceOf', 'market.stableDebtToken.balanceOf',
                'market.variableDebtToken.balanceOf'
            ) then words[2]
            when field = 'market.realAssets' then asked.address
            else words[1]
        end as account,
        block_number,
        block_at,
        not ends_with(field, '.first') as is_day,
        case
            when field in (
                'market.aToken.balanceOf', 'market.stableDebtToken.balanceOf',
                'market.variableDebtToken.balanceOf'
            ) then words[1]
            when field = 'market.collateralBalanceOf' then words[2]
        end as named_token,
        value as amount_raw
    from asked
    left join debt_tokens using (chain_id, address)
    left join own_tokens
        on asked.vault_id = own_tokens.vault_id
        and asked.address = own_tokens.address
        and words[1] = own_tokens.token
    where case
        when field = 'market.balanceOf' and family = 'aave_token'
            then if(
                debt_tokens.address is null, is_venue,
                asked.vault_id not in (select vault_id from pools)
            )
        when field = 'market.balanceOf' then family = 'compound_v3'
        when field = 'market.aToken.balanceOf'
            then own_tokens.token is null
        else field in (
            'market.balanceOfUnderlying', 'market.borrowBalanceCurrent',
            'market.borrowBalanceOf', 'market.borrowBalanceOf.first', 'market.debtOf',
            'market.collateralBalanceOf', 'market.stableDebtToken.balanceOf',
            'market.variableDebtToken.balanceOf', 'market.realAssets'
        )
    end

),

shares as (

    select
        vault_id,
        address,
        '' as market,
        'supply' as side,
        words[1] as account,
        block_number,
        block_at,
        true as is_day,
        null::varchar as named_token,
        case
            when value = 0::bignum then 0::bignum
            else round(value::double * price)::bignum
        end as amount_raw
    from asked
    left join worths using (chain_id, address, block_number)
    where field = 'market.balanceOf' and has_shares
        and (price is not null or value = 0::bignum)

),

morpho as (

    select
        vault_id,
        address,
        market,
        words[2] as account,
        block_number,
        block_at,
        unnest([
            {
                'side': 'supply',
                'amount': round(coalesce(
                    (texts->>0)::double * (market_text->>0)::double
                    / nullif((market_text->>1)::double, 0),
                    0
                ))::bignum
            },
            {
                'side': 'debt',
                'amount': round(coalesce(
                    (texts->>1)::double * (market_text->>2)::double
                    / nullif((market_text->>3)::double, 0),
                    0
                ))::bignum
            },
            {'side': 'collateral', 'amount': (texts->>2)::bignum}
        ]) as position
    from asked
    inner join totals using (chain_id, address, block_number)
    where field = 'market.position' and texts is not null and words[1] = market

),

amounts as (

    select * from plain

    union all

    select * from shares

    union all

    select
        vault_id,
        address,
        market,
        position.side as side,
        account,
        block_number,
        block_at,
        true as is_day,
        null as named_token,
        position.amount as amount_raw
    from morpho

    union all

    select
        vault_id,
        address,
        '' as market,
        'any_debt' as side,
        words[1] as account,
        block_number,
        block_at,
        true as is_day,
        null as named_token,
        (texts->>1)::bignum as amount_raw
    from asked
    where field = 'market.getUserAccountData' and texts is not null

),

tokens as (

    select * from intermediate.market_tokens

),

accounts as (

    select * from intermediate.asset_accounts

),

owners as (

    select distinct
        vault_id,
        account_key
    from accounts

),

-- a market answers about the accounts of all vaults, an adapter about itself
ours as (

    select amounts.*
    from amounts
    inner join contracts using (vault_id, address)
    inner join staging.families as families using (family)
    left join accounts
        on amounts.vault_id = accounts.vault_id and amounts.account = accounts.account
    left join owners
        on amounts.vault_id = owners.vault_id
        and amounts.account[:40] = owners.account_key
    where accounts.account is not null or amounts.account = amounts.address
        or (families.has_sub_accounts and owners.account_key is not null)

)

select
    ours.vault_id,
    ours.address,
    ours.market,
    ours.side,
    ours.account,
    ours.block_number,
    any_value(ours.block_at) as block_at,
    ours.is_day,
    coalesce(
        case
            when named_token is not null then named_token
            when side = 'collateral' then tokens.collateral_token
            when side != 'any_debt' and account != ours.address then tokens.token
            when account = ours.address then asset
        end,
        ''
    ) as token,
    sum(amount_raw) as amount_raw
from ours
left join tokens
    on ours.vault_id = tokens.vault_id
    and ours.address = tokens.address
    and ours.market = tokens.market
left join intermediate.vault_assets as assets on ours.vault_id = assets.vault_id
group by
    ours.vault_id, ours.address, ours.market, ours.side, ours.account,
    ours.block_number, ours.is_day, named_token, tokens.token,
    tokens.collateral_token, asset
