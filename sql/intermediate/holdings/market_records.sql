-- One row per event by which a vault's account has, or owes, more or less in a market.
-- side: supply, collateral or debt. amount_raw is by how much that changed, in raw
-- units of token where the event names it, else of the market's; null where the event
-- tells shares alone. moved_raw is what of it came or went, without what had been
-- earned. market tells several in one contract apart. Who is meant is in another place
-- of each event. Compound V3 logs a loan as a Withdraw of more than the burn right
-- after it, a repayment as a Supply of more than the mint; 2 raw units are rounding.
-- Where a market logs a repayment besides a liquidation (Euler, Compound V2), that
-- adds none, and Euler logs a PullDebt as a Repay and a Borrow. A position of a Fluid
-- vault is ours once an account borrowed from it or took collateral out, as only its
-- owner can.
-- grain: vault_id, log_position, side, account
-- stored
with

accounts as (

    select * from intermediate.asset_accounts

),

-- a market may be there both to invest in and to borrow from
roles as (

    select
        vault_id,
        address,
        bool_or(role = 'venue') as is_venue
    from staging.contracts
    where role in ('lending', 'venue')
    group by vault_id, address

),

families as (

    select
        family,
        market as protocol,
        owner_argument,
        has_sub_accounts,
        coalesce(is_synchronous, family = 'fluid_token') as is_synchronous
    from staging.families

),

events as (

    select distinct on (contract_events.vault_id, log_position)
        contract_events.*,
        is_venue,
        protocol,
        owner_argument,
        has_sub_accounts,
        is_synchronous
    from staging.contract_events
    inner join families using (family)
    inner join roles
        on contract_events.vault_id = roles.vault_id
        and contract_events.address = roles.address
    where role in ('lending', 'venue')
    order by contract_events.vault_id, log_position, role

),

-- what a market logs right after an event belongs to it
followed as (

    select
        events.*,
        nexts.event as next_event,
        nexts.arguments as next_arguments,
        coalesce(
            if(nexts.event = 'Transfer', (nexts.arguments->>'value')::bignum, null),
            0::bignum
        ) as next_value
    from events
    left join events as nexts
        on events.vault_id = nexts.vault_id
        and events.address = nexts.address
        and events.log_position + 1 = nexts.log_position

),

-- side, holder, sign, amount, shares, token
listed as (

    select
        *,
        unnest(case
            when family in ('aave_v3', 'aave_v2')
                then case
                    when event in ('Supply', 'Deposit')
                        then [[
                            'supply', arguments->>'onBehalfOf', '+',
                            arguments->>'amount', null, arguments->>'reserve'
                        ]]
                    when event = 'Withdraw'
                        then [[
                            'supply', arguments->>'user', '-', arguments->>'amount',
                            null, arguments->>'reserve'
                        ]]
                    when event = 'Borrow'
                        then [[
                            'debt', arguments->>'onBehalfOf', '+',
                            arguments->>'amount', null, arguments->>'reserve'
                        ]]
                    when event = 'Repay'
                        then [
                            [
                                'debt', arguments->>'user', '-',
                                arguments->>'amount', null, arguments->>'reserve'
                            ],
                            [
                                if((arguments->>'useATokens') = 'true', 'supply', null),
                                arguments->>'repayer', '-', arguments->>'amount',
                                null, arguments->>'reserve'
                            ]
                        ]
                    when event = 'LiquidationCall'
                        then [
                            [
                                'debt', arguments->>'user', '-',
                                arguments->>'debtToCover', null,
                                arguments->>'debtAsset'
                            ],
                            [
                                'supply', arguments->>'user', '-',
                                arguments->>'liquidatedCollateralAmount', null,
                                arguments->>'collateralAsset'
                            ],
                            [
                                if(
                                    (arguments->>'receiveAToken') = 'true', 'supply',
                                    null
                                ),
                                arguments->>'liquidator', '+',
                                arguments->>'liquidatedCollateralAmount', null,
                                arguments->>'collateralAsset'
                            ]
                        ]
                    when event = 'DeficitCreated'
                        then [[
                            'debt', arguments->>'user', '-',
                            arguments->>'amountCreated', null,
                            arguments->>'debtAsset'
                        ]]
                end
            when family = 'aave_token'
                then case
                    when event = 'Transfer' and is_venue
                        then [
                            [
                                'supply', arguments->>'to', '+', arguments->>'value',
                                null, null
                            ],
                            [
                                'supply', arguments->>'from', '-', arguments->>'value',
                                null, null
                            ]
                        ]
                end
            when family = 'morpho_blue'
                then case event
                    when 'Supply'
                        then [[
                            'supply', arguments->>'onBehalf', '+',
                            arguments->>'assets', arguments->>'shares', null
                        ]]
                    when 'Withdraw'
                        then [[
                            'supply', arguments->>'onBehalf', '-',
                            arguments->>'assets', arguments->>'shares', null
                        ]]
                    when 'Borrow'
                        then [[
                            'debt', arguments->>'onBehalf', '+',
                            arguments->>'assets', null, null
                        ]]
                    when 'Repay'
                        then [[
                            'debt', arguments->>'onBehalf', '-',
                            arguments->>'assets', null, null
                        ]]
                    when 'SupplyCollateral'
                        then [[
                            'collateral', arguments->>'onBehalf', '+',
                            arguments->>'assets', null, null
                        ]]
                    when 'WithdrawCollateral'
                        then [[
                            'collateral', arguments->>'onBehalf', '-',
                            arguments->>'assets', null, null
                        ]]
                    when 'Liquidate'
                        then [
                            [
                                'debt', arguments->>'borrower', '-',
                                (
                                    (arguments->>'repaidAssets')::bignum
                                    + (arguments->>'badDebtAssets')::bignum
                                )::varchar,
                                null, null
                            ],
                            [
                                'collateral', arguments->>'borrower', '-',
                                arguments->>'seizedAssets', null, null
                            ]
                        ]
                end
            when family = 'compound_v2'
                then case
                    when event = 'Mint'
                        then [[
                            'supply', arguments->>'minter', '+',
                            arguments->>'mintAmount', arguments->>'mintTokens', null
                        ]]
                    when event = 'Redeem'
                        then [[
                            'supply', arguments->>'redeemer', '-',
                            arguments->>'redeemAmount', arguments->>'redeemTokens',
                            null
                        ]]
                    when event = 'Transfer' and (arguments->>'from') != address
                        and next_event is distinct from 'Redeem'
                        then [
                            [
                                'supply', arguments->>'to', '+', null,
                                arguments->>'value', null
                            ],
                            [
                                'supply', arguments->>'from', '-', null,
                                arguments->>'value', null
                            ]
                        ]
                    when event = 'Borrow'
                        then [[
                            'debt', arguments->>'borrower', '+',
                            arguments->>'borrowAmount', null, null
                        ]]
                    when event = 'RepayBorrow'
                        then [[
                            'debt', arguments->>'borrower', '-',
                            arguments->>'repayAmount', null, null
                        ]]
                end
            when family = 'compound_v3'
                then case
                    when event = 'Transfer'
                        then [
                            [
                                'supply', arguments->>'to', '+', arguments->>'value',
                                null, null
                            ],
                            [
                                'supply', arguments->>'from', '-', arguments->>'value',
                                null, null
                            ]
                        ]
                    when event = 'Withdraw'
                        then [[
                            'debt', arguments->>'src', '+',
                            (
                                (arguments->>'amount')::bignum - if(
                                    (next_arguments->>'from') = (arguments->>'src'),
                                    next_value, 0::bignum
                                )
                            )::varchar,
                            null, null
                        ]]
                    when event = 'Supply'
                        then [[
                            'debt', arguments->>'dst', '-',
                            (
                                (arguments->>'amount')::bignum - if(
                                    (next_arguments->>'to') = (arguments->>'dst'),
                                    next_value, 0::bignum
                                )
                            )::varchar,
                            null, null
                        ]]
                    when event = 'AbsorbDebt'
                        then [[
                            'debt', arguments->>'borrower', '-',
                            (
                                (arguments->>'basePaidOut')::bignum - if(
                                    (next_arguments->>'to') = (arguments->>'borrower'),
                                    next_value, 0::bignum
                                )
                            )::varchar,
                            null, null
                        ]]
                    when event = 'SupplyCollateral'
                        then [[
                            'collateral', arguments->>'dst', '+',
                            arguments->>'amount', null, arguments->>'asset'
                        ]]
                    when event = 'WithdrawCollateral'
                        then [[
                            'collateral', arguments->>'src', '-',
                            arguments->>'amount', null, arguments->>'asset'
                        ]]
                    when event = 'TransferCollateral'
                        then [
                            [
                                'collateral', arguments->>'to', '+',
                                arguments->>'amount', null, arguments->>'asset'
                            ],
                            [
                                'collateral', arguments->>'from', '-',
                                arguments->>'amount', null, arguments->>'asset'
                            ]
                        ]
                    when event = 'AbsorbCollateral'
                        then [[
                            'collateral', arguments->>'borrower', '-',
                            arguments->>'collateralAbsorbed', null,
                            arguments->>'asset'
                        ]]
                end
            when family = 'fluid_liquidity'
                then case
                    when event = 'LogOperate'
                        then [[
                            'debt', arguments->>'user', '+',
                            arguments->>'borrowAmount', null, arguments->>'token'
                        ]]
                end
            when protocol = 'Euler' and event in ('Borrow', 'Repay')
                then [[
                    'debt', arguments->>'account', if(event = 'Borrow', '+', '-'),
                    arguments->>'assets', null, null
                ]]
            when owner_argument is not null
                then case
                    when event in ('Deposit', 'Withdraw')
                        then [[
                            'supply', arguments->>owner_argument,
                            if(event = 'Deposit', '+', '-'), arguments->>'assets',
                            arguments->>'shares', null
                        ]]
                    -- shares that were neither made nor redeemed
                    when event = 'Transfer' and is_synchronous
                        and (arguments->>'from') not in (
                            address, '0x0000000000000000000000000000000000000000'
                        )
                        and (arguments->>'to') not in (
                            address, '0x0000000000000000000000000000000000000000'
                        )
                        then [
                            [
                                'supply', arguments->>'to', '+', null,
                                arguments->>'value', null
                            ],
                            [
                                'supply', arguments->>'from', '-', null,
                                arguments->>'value', null
                            ]
                        ]
                end
        end) as entry
    from followed

),

entries as (

    select
        *,
        entry[1] as side,
        entry[2] as holder,
        entry[3] = '+' as is_more,
        entry[4]::bignum as size_raw,
        entry[5]::bignum as shares_raw,
        entry[6] as token,
        -- what a token of Aave V3 had earned is minted with what moved
        case
            when family = 'aave_token' and event = 'Transfer'
                and next_event in ('Mint', 'Burn')
                then coalesce(
                    (next_arguments->>'balanceIncrease')::bignum, 0::bignum
                )
            else 0::bignum
        end as earned_raw
    from listed
    where entry[1] is not null

),

-- a sub-account that is an account of its own is not its owner's besides
owners as (

    select
        vault_id,
        account_key,
        min(account) as owner
    from accounts
    group by vault_id, account_key

),

held as (

    select
        entries.*,
        coalesce(accounts.account, if(has_sub_accounts, owner, null)) as account
    from entries
    left join accounts
        on entries.vault_id = accounts.vault_id and entries.holder = accounts.account
    left join owners
        on entries.vault_id = owners.vault_id
        and entries.holder[:40] = owners.account_key

),

-- what goes from one sub-account to another stays
ours as (

    select
        vault_id,
        log_position,
        side,
        account,
        token,
        any_value(block_number) as block_number,
        any_value(block_at) as block_at,
        any_value(transaction_hash) as transaction_hash,
        any_value(family) as family,
        any_value(address) as address,
        any_value(name) as name,
        any_value(event) as event,
        any_value(arguments) as arguments,
        sum(if(is_more, size_raw, 0::bignum - size_raw)) as amount_raw,
        sum(if(is_more, size_raw, 0::bignum - size_raw) - earned_raw) as moved_raw,
        sum(if(is_more, shares_raw, 0::bignum - shares_raw)) as shares_raw
    from held
    where account is not null
    group by vault_id, log_position, side, account, token

),

operations as (

    select
        *,
        arguments->>'nftId_' as nft,
        (arguments->>'debtAmt_')::bignum as size_raw
    from events
    where family = 'fluid_vault' and event = 'LogOperate'

),

owned as (

    select
        operations.vault_id,
        operations.address,
        nft,
        min(log_position) as from_position,
        arg_min(account, log_position) as account
    from operations
    inner join accounts
        on operations.vault_id = accounts.vault_id
        and (operations.arguments->>'user_') = accounts.account
    where size_raw > 0::bignum or (arguments->>'colAmt_')::bignum < 0::bignum
    group by operations.vault_id, operations.address, nft

)

select
    vault_id,
    log_position,
    block_number,
    block_at,
    transaction_hash,
    family,
    address,
    name,
    account,
    case when family = 'morpho_blue' then arguments->>'id' else '' end as market,
    side,
    event,
    token,
    amount_raw,
    moved_raw,
    shares_raw
from ours
where case
    when side != 'debt' then true
    when family = 'compound_v3'
        then amount_raw > 2::bignum or amount_raw < (-2)::bignum
    else amount_raw != 0::bignum
end

union all

select
    operations.vault_id,
    operations.log_position,
    operations.block_number,
    operations.block_at,
    operations.transaction_hash,
    operations.family,
    operations.address,
    operations.name,
    owned.account,
    operations.nft,
    'debt',
    operations.event,
    null,
    size_raw,
    size_raw,
    null
from operations
inner join owned using (vault_id, address, nft)
where log_position >= from_position and size_raw != 0::bignum
