-- One row per power over a vault's money that stands, waits, or was given up.
-- As the latest events by the as-of day's end leave it, and in the order of a tree:
-- below the row of a holder that is a contract are the powers over that contract; where
-- several rows name it, below the one nearest to the vault. What no log told is null.
-- grain: vault_id, position
-- units:
--   seconds: delay_seconds, holder_delay_seconds, total_delay_seconds,
--     soonest_delay_seconds
--   count: depth, signers, threshold
--   place: position
-- columns:
--   vault_id: the vault's id in the config
--   position: place in the tree, from 1
--   depth: contracts between the vault and what the power is over; 0: the vault itself,
--     or a contract of it that no other has power over
--   chain: the contracts from the vault to the one that the power is over, with commas
--   power: what it comes to: move the assets, exchange the code, change the rules, …
--   status: stands, pending, waits (a call), given up, or configured: the config names
--     the contract, and no log does
--   contract: which contract the power is over, lower case
--   role: what that is to the vault
--   contract_name: its name in the config; empty for the vault itself
--   term: as in marts.permissions
--   object: the role, or the call that waits
--   holder: address of who has the power; null: nobody, anybody, or a call that waits
--   held_by: one, nobody, anybody; for a call that waits, nobody yet
--   holder_kind: what the holder is, by its family or role; null: none of the contracts
--   holder_name: its name in the config
--   signers: of a holder that is a Safe, how many sign for it
--   threshold: how many of the signers together act for it
--   acts: alone; together: one signature of several; serves: carries out what others
--     decided; stops: only hinders what others do; idle: nothing by this power alone,
--     as a module of one that asks for roles, or by a role that no log lets call
--     anything; null: nobody has the power. Below a holder that does not act alone,
--     nobody does more than it may
--   delay_seconds: how long what the power does waits by the rules of the contract
--   holder_delay_seconds: how long what the holder does waits, where that is a timelock
--   total_delay_seconds: how long the power waits in all: its own wait, its holder's,
--     and what waits on the way to the vault; null: unknown, or a power to stop, which
--     need not wait
--   soonest_delay_seconds: the least total of those who decide: the holder, or, where
--     it is no Safe and powers over it stand below, those who decide there; null:
--     unknown, or that of one of them is
--   effective_at: of what is pending or waits, from when it counts, where that is told
--   scope: what the power is limited to, where events told: functions, amounts
--   allows: in plain words, what it allows
--   is_covered: whether the sources hold all logs of the contract over the vault's life
--   reason: why not all is known: not_followed (a key, or a contract of which no log
--     was read), not_told (no log tells who has power over the holder),
--     logs_not_covered (the sources do not reach over the vault's life),
--     signers_not_told, delay_not_told, circle (the holder stands above, or is the
--     contract itself, or stands too far from the vault to be followed)
with recursive

terms as (

    select * from intermediate.power_terms

),

run as (

    select until_at from staging.run

),

-- what a setup says of several owners, and an assignment of several roles
parts as (

    select
        vault_id,
        log_position,
        address,
        role,
        name,
        effective_at,
        events.allows,
        unnest(
            case
                when term = 'owners and threshold'
                    then list_transform(
                        string_split(split_part(after, ' of ', 2), ', '),
                        lambda owner: {
                            term: 'signer',
                            subject: owner,
                            object: null::varchar,
                            after: 'owner'
                        }
                    )
                when term = 'roles' and regexp_matches(after, '^(not )?in ')
                    then list_transform(
                        string_split(after, ', '),
                        lambda member: {
                            term: term,
                            subject: subject,
                            object: regexp_replace(member, '^(not )?in ', ''),
                            after: if(starts_with(member, 'not '), 'none', 'in')
                        }
                    )
                else [
                    {term: term, subject: subject, object: object, after: after}
                ]
            end
        ) as part
    from intermediate.permission_events as events
    where term in (select term from terms)

),

told as (

    select
        vault_id,
        log_position,
        address,
        parts.role,
        name,
        part.term as term,
        part.subject as subject,
        coalesce(names.role_name, part.object) as object,
        part.after as after,
        effective_at,
        effective_at < until_at as counts,
        terms.object as named_object,
        terms.position as term_position,
        terms.power,
        terms.held_by,
        terms.pending_for,
        terms.delay_term,
        terms.speed,
        coalesce(terms.allows, parts.allows) as allows,
        -- the calls of one id end together
        case
            when terms.held_by = 'wait'
                then regexp_replace(part.object, '^(0x[0-9a-f]{64}) #[0-9]+$', '\1')
            else part.subject
        end as thing
    from parts
    cross join run
    left join intermediate.role_names as names on part.object = names.role
    inner join terms
        on part.term = terms.term
        and terms.object in ('', coalesce(names.role_name, part.object, ''))

),

-- one that counts later stands beside the one that counts now; what is said of a role
-- by its name goes before what is said of any
latest as (

    select *
    from told
    qualify row_number() over (
        partition by
            vault_id,
            address,
            term,
            thing,
            if(held_by = 'wait', null, object),
            held_by != 'wait' and not coalesce(counts, false)
        order by log_position desc, named_object desc
    ) = 1

),

states as (

    select
        *,
        after not in (
            'nobody', 'none', 'no', 'not granted', 'not an owner', 'disabled',
            'not a ward', 'not authorised', 'not allowed', 'closed', 'revoked', '0'
        ) as stands,
        case
            when held_by = 'delay'
                then try_cast(regexp_extract(after, '^(\d+) s$', 1) as bigint)
        end as seconds,
        max(log_position) filter (where counts and held_by != 'wait') over (
            partition by vault_id, address, term, thing, object
        ) as counts_since,
        -- who has what a pending one waits for
        max(after) filter (where counts and held_by = 'after' and pending_for is null)
            over (
                partition by vault_id, address, coalesce(pending_for, term)
            ) as present
    from latest

),

-- what Safes and timelocks are, and what a role may call
facts as (

    select
        vault_id,
        address,
        count(*) filter (where term = 'signer' and stands) as signers,
        max(try_cast(after as integer)) filter (where term = 'threshold') as threshold,
        max(seconds) filter (where role != 'vault') as delay,
        map_from_entries(
            list((term, seconds)) filter (where seconds is not null)
        ) as delays,
        bool_or(power != 'none') as is_told,
        bool_or(term = 'roles' and object is not null) as has_roles
    from states
    where coalesce(counts, false) or held_by = 'wait'
    group by vault_id, address

),

-- a Roles modifier lets call one by one only what a contract is opened to that way
opened as (

    select
        *,
        starts_with(object, 'role ') as is_capability,
        max(after) filter (where term = 'contract for a role') over (
            partition by vault_id, address, subject, split_part(object, ' ', 1)
        ) as way
    from states
    where held_by = 'functions' and stands and counts

),

functions as (

    select
        opened.vault_id,
        opened.address,
        case
            when term = 'role for a function' then after
            when is_capability then split_part(object, ', ', 1)
            else subject
        end as scoped,
        array_to_string(
            list(
                case
                    when term = 'contract for a role' then object || ' every function'
                    when term = 'function for a role' and not is_capability then object
                    else if(subject = vaults.address, '', subject || ' ')
                        || regexp_replace(object, '^role [0-9]+, ', '')
                end
                order by subject, object
            )[:12],
            ', '
        ) || if(count(*) > 12, ' and ' || (count(*) - 12) || ' more', '') as scope
    from opened
    inner join staging.vaults as vaults using (vault_id)
    where case
        when term = 'contract for a role' then after != 'functions one by one'
        when term = 'function for a role' and not is_capability
            then way = 'functions one by one'
        else true
    end
    group by all

),

-- several roles of a contract are one, first what names it as the vault's own
contracts as (

    select
        vault_id,
        coverage.address,
        max(coverage.role) filter (
            where coverage.role in ('safe', 'proxy_admin', 'beacon', 'vault')
        ) as own_role,
        any_value(
            coverage.name
            order by coverage.role != 'safe', coverage.role
        ) as name,
        any_value(
            coalesce(label, family)
            order by coverage.role != 'safe', coverage.role
        ) as label,
        bool_and(is_covered) as is_covered,
        any_value(signers) as signers,
        any_value(threshold) as threshold,
        any_value(delay) as delay,
        coalesce(any_value(is_told), false) as is_told
    from intermediate.contract_coverage as coverage
    left join staging.families using (family)
    left join facts using (vault_id, address)
    group by vault_id, coverage.address

),

held as (

    select
        states.vault_id,
        log_position,
        states.address,
        states.role,
        name,
        term,
        states.object,
        case
            when held_by = 'wait' then 'nobody yet'
            when held_by = 'anybody'
                or (held_by = 'subject or anybody' and subject = 'nobody')
                then 'anybody'
            when held_by = 'after' and stands then 'one'
            when held_by != 'after' and subject != 'nobody' then 'one'
            else 'nobody'
        end as held_by,
        case when held_by = 'after' then after else subject end as holder,
        case
            when held_by = 'wait' then 'waits'
            when pending_for is not null or not coalesce(counts, false) then 'pending'
            when stands then 'stands'
            else 'given up'
        end as status,
        term_position,
        power,
        case
            when speed = 'veto' then 'stops'
            when speed = 'service' then 'serves'
            when term = 'signer' and threshold is distinct from 1 then 'together'
            when term = 'module' and has_roles then 'idle'
            when functions.scope is null
                and (
                    (term in ('role at the manager', 'roles') and object is not null)
                    or starts_with(object, 'role ')
                )
                and object != 'ADMIN_ROLE'
                then 'idle'
            else 'alone'
        end as acts,
        effective_at,
        case
            when held_by = 'wait' then coalesce(subject || ': ', '') || after
            when after like 'authorised for %' then after
            when term = 'delegated debt' then after
            when term = 'roles' and after != 'in' then after
            else functions.scope
        end as scope,
        allows,
        case
            when delay_term is null
                then coalesce(
                    try_cast(
                        regexp_extract(after, 'calls wait (\d+) s$', 1) as bigint
                    ),
                    0
                )
            else delays[delay_term]
        end
        + if(speed in ('through', 'service'), coalesce(delay, 0), 0) as own_delay
    from states
    left join facts using (vault_id, address)
    left join functions
        on states.vault_id = functions.vault_id
        and states.address = functions.address
        and states.object = functions.scoped
    where power != 'none'
        and (counts or counts_since is null or log_position > counts_since)
        and case
            when held_by = 'wait'
                then regexp_matches(after, '^(scheduled|submitted|queued)')
                    or (pending_for is not null and after is distinct from present)
            when pending_for is not null then stands and after is distinct from present
            else stands or held_by = 'after'
        end

),

named as (

    select * from held

    union all

    -- contracts that only the config says are the vault's
    select
        vault_id,
        0 as log_position,
        vaults.address,
        'vault' as role,
        '' as name,
        terms.term,
        null as object,
        'one' as held_by,
        contracts.address as holder,
        'configured' as status,
        terms.position as term_position,
        terms.power,
        'alone' as acts,
        null as effective_at,
        null as scope,
        terms.allows,
        0 as own_delay
    from contracts
    inner join staging.vaults as vaults using (vault_id)
    inner join terms
        on replace(own_role, '_', ' ') = replace(terms.term, '''s', '')
    where own_role != 'vault'
        and (vault_id, contracts.address, terms.term) not in (
            select (vault_id, holder, term) from held where held_by = 'one'
        )

),

numbered as (

    select
        *,
        row_number() over (
            partition by vault_id
            order by
                role != 'vault', status in ('pending', 'waits'), term_position, address,
                object nulls first, log_position, holder
        ) as number
    from named

),

-- by which rows each contract is reached from the vault, and in how many steps
reached as (

    select
        vault_id,
        address,
        0 as depth,
        0 as number
    from numbered
    where role = 'vault'
        or (vault_id, address) not in (
            select (vault_id, holder)
            from numbered
            where held_by = 'one' and holder != address
        )

    union

    select
        reached.vault_id,
        numbered.holder as address,
        reached.depth + 1 as depth,
        numbered.number
    from reached
    inner join numbered using (vault_id, address)
    where held_by = 'one' and status in ('stands', 'configured')
        -- as many steps as are followed when contracts are looked for
        and depth < 8

),

parents as (

    select
        vault_id,
        address,
        min([depth, number]) as place
    from reached
    group by vault_id, address

),

placed as (

    select
        vault_id,
        address,
        [address] as chain,
        []::bigint[] as path,
        null::varchar as way_acts,
        0::hugeint as delay
    from parents
    where place[1] = 0

    union all

    select
        parents.vault_id,
        parents.address,
        list_append(placed.chain, parents.address) as chain,
        list_append(placed.path, numbered.number) as path,
        coalesce(placed.way_acts, nullif(numbered.acts, 'alone')) as way_acts,
        placed.delay + numbered.own_delay as delay
    from placed
    inner join numbered using (vault_id, address)
    inner join parents
        on placed.vault_id = parents.vault_id and numbered.number = parents.place[2]

),

-- contracts with power over each other alone hang on nothing
ordered as (

    select
        numbered.* replace (
            if(held_by = 'one', holder, null) as holder,
            case
                when held_by in ('one', 'anybody') then coalesce(way_acts, acts)
            end as acts
        ),
        coalesce(len(placed.chain) - 1, 0) as depth,
        coalesce(placed.chain, [numbered.address]) as chain,
        coalesce(placed.path, []) as path,
        placed.delay as way,
        row_number() over (
            partition by numbered.vault_id
            order by list_append(coalesce(placed.path, []), number)
        ) as position
    from numbered
    left join placed using (vault_id, address)

),

-- rows below which powers over their holder stand
opened_up as (

    select distinct
        vault_id,
        path[-1] as number,
        true as is_parent
    from ordered
    where len(path) > 0

),

judged as (

    select
        ordered.*,
        case
            when contracts.own_role in ('vault', 'proxy_admin', 'beacon')
                then contracts.own_role
            else contracts.label
        end as holder_kind,
        contracts.name as holder_name,
        nullif(contracts.signers, 0) as signers,
        contracts.threshold,
        contracts.delay as holder_delay,
        case
            when acts != 'stops'
                and (contracts.address is null or contracts.is_told)
                then way + own_delay + coalesce(contracts.delay, 0)
        end as total_delay,
        coalesce(is_parent, false) and contracts.threshold is null as is_passed_on,
        coalesce(own.is_covered, false) as is_covered,
        case
            when held_by in ('nobody yet', 'nobody') then null
            when own_delay is null then 'delay_not_told'
            when held_by = 'anybody' then null
            when way is null or list_contains(chain, holder) then 'circle'
            when contracts.address is null then 'not_followed'
            when not contracts.is_told then 'not_told'
            when contracts.threshold is null and contracts.signers > 0
                then 'signers_not_told'
            when not contracts.is_covered then 'logs_not_covered'
        end as reason
    from ordered
    left join contracts as own
        on ordered.vault_id = own.vault_id and ordered.address = own.address
    left join contracts
        on ordered.vault_id = contracts.vault_id and ordered.holder = contracts.address
    left join opened_up
        on ordered.vault_id = opened_up.vault_id and ordered.number = opened_up.number

),

-- those who decide, at each row that they stand below
deciders as (

    select
        vault_id,
        unnest(path) as number,
        total_delay
    from judged
    where acts = 'alone' and status in ('stands', 'configured')
        and reason is distinct from 'circle' and not is_passed_on

),

soonest as (

    select
        vault_id,
        number,
        case when bool_and(total_delay is not null) then min(total_delay) end
            as soonest_delay,
        true as is_decided
    from deciders
    group by vault_id, number

)

select
    judged.vault_id,
    judged.position,
    judged.depth,
    array_to_string(judged.chain, ', ') as chain,
    judged.power,
    judged.status,
    judged.address as contract,
    judged.role,
    judged.name as contract_name,
    judged.term,
    judged.object,
    judged.holder,
    judged.held_by,
    judged.holder_kind,
    judged.holder_name,
    judged.signers,
    judged.threshold,
    judged.acts,
    judged.own_delay as delay_seconds,
    judged.holder_delay as holder_delay_seconds,
    judged.total_delay as total_delay_seconds,
    if(is_passed_on and is_decided, soonest_delay, total_delay)
        as soonest_delay_seconds,
    case
        when judged.status in ('pending', 'waits') then judged.effective_at
    end as effective_at,
    judged.scope,
    judged.allows,
    judged.is_covered,
    judged.reason
from judged
left join soonest using (vault_id, number)
