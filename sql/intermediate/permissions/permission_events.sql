-- One row per event by which somebody's powers over a vault, or a term of it, changed.
-- What a term was before, the event says itself, or it is what the last event left of
-- the same contract, term, subject and object; where that did not count yet, it is what
-- held, and what was to come with its time. effective_at is null where a change waits
-- for a time that no event told. What an event leaves of other terms than its own are
-- rows with a position below zero, without a kind.
-- grain: vault_id, log_position, position
-- stored
with

logs as (

    select * from intermediate.permission_logs

),

kinds as (

    select * from intermediate.permission_kinds

),

effects as (

    select * from intermediate.permission_effects

),

given as (

    select
        logs.vault_id,
        logs.log_position,
        block_at,
        logs.address,
        logs.event,
        json_merge_patch(
            arguments,
            json_object(
                'api_version', api_version,
                'contract_role', role,
                'function', coalesce(signature, selector),
                'call', call,
                'members', members,
                'members_before', members_before
            )
        ) as given
    from logs
    left join intermediate.functions as functions using (selector)
    left join intermediate.permission_calls as calls using (data)
    left join intermediate.zodiac_role_members as members
        using (vault_id, log_position)

),

told as (

    select distinct on (vault_id, log_position)
        given.*,
        kinds.position,
        term,
        subject,
        object,
        before,
        after
    from given
    inner join kinds
        on given.event = kinds.event
        and (kinds.present is null or (given->>kinds.present) is not null)
        and case
            when when_key is null then true
            when when_value = 'nobody'
                then (given->>when_key) = '0x0000000000000000000000000000000000000000'
            else (given->>when_key) = when_value
        end
    order by vault_id, log_position, kinds.position

),

-- what each event leaves of each term, its own and the others that it changes
left_behind as (

    select * from told

    union all

    select
        given.*,
        effects.position,
        term,
        subject,
        object,
        null as before,
        after
    from given
    inner join effects
        on given.event = effects.event
        and (effects.present is null or (given->>effects.present) is not null)
        and (when_key is null or (given->>when_key) = when_value)

),

numbered as (

    select
        row_number() over () as number,
        *
    from left_behind

),

templates as (

    select
        number,
        given,
        unnest([subject, object, before, after]) as template,
        unnest(['subject', 'object', 'before', 'after']) as place
    from numbered

),

parts as (

    select
        number,
        place,
        given,
        unnest(list_zip(template.texts, template.keys)) as part,
        generate_subscripts(template.texts, 1) as part_number
    from templates

),

part_values as (

    select
        *,
        -- a key that is null would answer what the row before did
        case when part[2] is not null then given->>part[2]['key'] end as value,
        part[2]['unit'] as unit
    from parts

),

part_words as (

    select
        *,
        part[1] || coalesce(intermediate.permission_value(value, unit), '') as words
    from part_values

),

filled as (

    select
        number,
        string_agg(words, '' order by part_number)
            filter (place = 'subject') as subject,
        string_agg(words, '' order by part_number) filter (place = 'object') as object,
        string_agg(words, '' order by part_number)
            filter (place = 'before') as told_before,
        string_agg(words, '' order by part_number) filter (place = 'after') as after
    from part_words
    group by number

),

worded as (

    select
        vault_id,
        log_position,
        block_at,
        address,
        event,
        given,
        position,
        term,
        given->>numbered.after.keys[1]['key'] as after_raw,
        nullif(filled.subject, '') as subject,
        nullif(filled.object, '') as object,
        nullif(told_before, '') as told_before,
        nullif(filled.after, '') as after
    from numbered
    left join filled using (number)

),

waits as (

    select
        vault_id,
        address,
        term,
        log_position,
        try_cast(after_raw as bigint) as seconds
    from worded
    where term in (select wait_term from kinds)

),

dated as (

    select
        changes.*,
        kind,
        changed_by,
        allows,
        allows_not,
        coalesce(counts_later, false) as counts_later,
        coalesce(waits_for_earlier, false) as waits_for_earlier,
        case
            when effective_key is not null
                then to_timestamp(
                    -- 0 is at once; what is after the year 3000 is never
                    case
                        when (given->>effective_key) = '0' then epoch(block_at)
                        when try_cast(given->>effective_key as bigint)
                            between 1 and 32503680000
                            then try_cast(given->>effective_key as bigint)
                    end
                )
            when wait_key is not null
                then block_at + to_seconds(try_cast(given->>wait_key as bigint))
            when wait_term is not null then block_at + to_seconds(waits.seconds)
            else block_at
        end as effective_at
    from worded as changes
    left join kinds
        on changes.event = kinds.event and changes.position = kinds.position
    asof left join waits
        on changes.vault_id = waits.vault_id
        and changes.address = waits.address
        and kinds.wait_term = waits.term
        and changes.log_position > waits.log_position

),

counted as (

    select
        * replace (
            case
                when waits_for_earlier
                    then greatest(
                        effective_at,
                        max(effective_at) over (
                            partition by vault_id, address, term, subject, object
                            order by log_position
                            rows between unbounded preceding and 1 preceding
                        )
                    )
                else effective_at
            end as effective_at
        )
    from dated

),

-- a value that counts later holds only if no event of the same came before that
holding as (

    select
        *,
        case
            when after = 'as it was' then null
            when not counts_later then after
            when effective_at <= coalesce(
                lead(block_at) over of_one, effective_at
            )
                then after
        end as held,
        case
            when lag(counts_later) over of_one
                and lag(effective_at) over of_one > block_at
                then strftime(
                    (lag(effective_at) over of_one) at time zone 'UTC',
                    'from %Y-%m-%d %H:%M UTC on '
                ) || (lag(after) over of_one)
        end as was_to_come
    from counted
    window of_one as (
        partition by vault_id, address, term, subject, object
        order by log_position
    )

),

carried as (

    select
        *,
        last_value(held ignore nulls) over (
            partition by vault_id, address, term, subject, object
            order by log_position
            rows between unbounded preceding and 1 preceding
        ) as held_before
    from holding

)

select
    changes.vault_id,
    changes.log_position,
    changes.position,
    block_number,
    changes.block_at,
    transaction_hash,
    changes.address,
    role,
    name,
    changes.event,
    kind,
    changes.term,
    changes.subject,
    changes.object,
    given->>changed_by as changed_by,
    coalesce(
        told_before,
        nullif(concat_ws(', and ', held_before, was_to_come), '')
    ) as before,
    if(
        after = 'as it was', coalesce(held_before, after), after
    ) as after,
    effective_at,
    case
        when after_raw in ('false', '0x0000000000000000000000000000000000000000')
            or after in ('none', 'nobody')
            then allows_not
        else allows
    end as allows
from carried as changes
inner join logs
    on changes.vault_id = logs.vault_id and changes.log_position = logs.log_position
