-- One row per event by which somebody's powers over a vault, or a term of it, changed.
-- Events of the vault, of its Safe and accounts, and of the contracts that govern them;
-- of markets only those that give away powers over the vault's positions, of contracts
-- that serve many vaults only those that name this one. What a term was before, the
-- event says itself, or it is what the last event left of the same contract, term,
-- subject and object.
-- grain: vault_id, log_position
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

kinds as (

    select * from intermediate.permission_kinds

),

effects as (

    select * from intermediate.permission_effects

),

-- what a contract calls itself, where an event means another thing in another version
versions as (

    select
        chain_id,
        address,
        any_value(text) as api_version
    from staging.states
    where field = 'apiVersion' and status = 'ok'
    group by chain_id, address

),

own_events as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        events.address,
        'vault' as role,
        '' as name,
        event,
        arguments,
        api_version
    from staging.events as events
    inner join vaults using (vault_id)
    left join versions
        on vaults.chain_id = versions.chain_id
        and vaults.address = versions.address
    where block_at < (select until_at from run)
        and (event in (select event from kinds) or event in (select event from effects))

),

others as (

    select distinct on (vault_id, log_position)
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        address,
        role,
        name,
        event,
        arguments,
        null::varchar as api_version
    from staging.contract_events
    where (event in (select event from kinds) or event in (select event from effects))
        and (
            role in (
                'safe', 'account', 'roles', 'proxy_admin', 'beacon', 'accountant',
                'governor'
            )
            or (event = 'SetAuthorization' and family = 'morpho_blue')
            or (event in ('OperatorStatus', 'ControllerStatus') and family = 'evc')
            or (event = 'BorrowAllowanceDelegated' and family = 'aave_token')
        )
    order by vault_id, log_position, role

),

events as (

    select * from own_events
    union all
    select * from others

),

-- powers over positions concern the vault only where they are its own positions; a
-- registry or an allocator serves many vaults
ours as (

    select
        events.*,
        coalesce(
            arguments->>'selector', arguments->>'functionSig', (arguments->>'data')[:10]
        ) as selector
    from events
    inner join vaults using (vault_id)
    where case
        when event in (
            'SetAuthorization', 'OperatorStatus', 'ControllerStatus',
            'BorrowAllowanceDelegated'
        )
            then exists (
                select 1
                from intermediate.asset_accounts as accounts
                where accounts.vault_id = events.vault_id
                    and accounts.account_key = coalesce(
                        arguments->>'authorizer',
                        arguments->>'addressPrefix',
                        arguments->>'account',
                        arguments->>'fromUser'
                    )[:40]
            )
        else coalesce(arguments->>'vault', vaults.address) = vaults.address
            or event = 'VaultUpdate'
    end

),

given as (

    select
        ours.*,
        json_merge_patch(
            arguments,
            json_object(
                'api_version', api_version,
                'function', coalesce(signature, selector),
                'call', case when arguments->>'data' is not null
                    then intermediate.call_text(signature, arguments->>'data') end,
                'members', members,
                'members_before', members_before
            )
        ) as given
    from ours
    left join intermediate.functions as functions using (selector)
    left join intermediate.zodiac_role_members as members
        using (vault_id, log_position)

),

named as (

    select distinct on (vault_id, log_position)
        given.*,
        kind,
        term,
        intermediate.permission_words(subject_texts, subject_keys, given) as subject,
        intermediate.permission_words(object_texts, object_keys, given) as object,
        intermediate.permission_words(before_texts, before_keys, given) as told_before,
        intermediate.permission_words(after_texts, after_keys, given) as after,
        given->>after_keys[1]['key'] as after_raw,
        given->>kinds.changed_by as changed_by,
        try_cast(given->>effective_key as bigint) as effective_epoch,
        case
            when effective_key is not null then null
            when wait_key is null and wait_term is null then 0
            else try_cast(given->>wait_key as bigint)
        end as waits_seconds,
        wait_term,
        case
            when regexp_full_match(given->>after_keys[1]['key'], 'false|0x0{40}')
                then allows_not
            else allows
        end as allows
    from given
    inner join kinds
        on given.event = kinds.event
        and (kinds.present is null or (given->>kinds.present) is not null)
        and case
            when when_key is null then true
            when when_value = 'nobody'
                then regexp_full_match(given->>when_key, '0x0{40}')
            else (given->>when_key) = when_value
        end
    order by vault_id, log_position, kinds.position

),

-- what each event leaves of each term, its own and the others that it changes
left_behind as (

    select
        vault_id,
        log_position,
        address,
        term,
        subject,
        object,
        after,
        after_raw,
        true as is_told
    from named

    union all

    select
        vault_id,
        log_position,
        address,
        term,
        intermediate.permission_words(subject_texts, subject_keys, given),
        intermediate.permission_words(object_texts, object_keys, given),
        intermediate.permission_words(after_texts, after_keys, given),
        given->>after_keys[1]['key'],
        false
    from given
    inner join effects
        on given.event = effects.event
        and (effects.present is null or (given->>effects.present) is not null)
        and (when_key is null or (given->>when_key) = when_value)

),

carried as (

    select
        vault_id,
        log_position,
        term,
        is_told,
        lag(after) over (
            partition by vault_id, address, term, subject, object
            order by log_position
        ) as before
    from left_behind

),

waits as (

    select
        vault_id,
        address,
        term,
        log_position,
        try_cast(after_raw as bigint) as seconds
    from left_behind
    where term in (select wait_term from kinds)

)

select
    named.vault_id,
    named.log_position,
    block_number,
    block_at,
    transaction_hash,
    named.address,
    role,
    name,
    event,
    kind,
    named.term,
    subject,
    object,
    changed_by,
    coalesce(told_before, before) as before,
    after,
    case
        when effective_epoch between 1 and 32503680000
            then to_timestamp(effective_epoch)
        else block_at + to_seconds(coalesce(waits_seconds, waits.seconds))
    end as effective_at,
    allows
from named
inner join carried
    on named.vault_id = carried.vault_id
    and named.log_position = carried.log_position
    and named.term = carried.term
    and is_told
asof left join waits
    on named.vault_id = waits.vault_id
    and named.address = waits.address
    and named.wait_term = waits.term
    and named.log_position > waits.log_position
