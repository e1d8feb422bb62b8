-- One row per call that events of powers hold: its function and arguments in words.
-- A call of a function that is not known is its data; a long one begins with them and
-- ends with a hash. Words are 32 bytes, 64 digits in hex; an argument of several words
-- stands where its own word says, after its size.
-- grain: data
with

calls as (

    select distinct
        data,
        signature
    from intermediate.permission_logs as logs
    left join intermediate.functions as functions
        on logs.data[:10] = functions.selector
    where data is not null

),

arguments as (

    select
        data,
        data[11:] as words,
        unnest(
            list_zip(
                list_filter(
                    string_split(
                        translate(signature[instr(signature, '('):], '()', ''), ','
                    ),
                    lambda type: type != ''
                ),
                range(length(signature))
            ),
            max_depth := 1
        ) as argument
    from calls
    where signature is not null and not contains(signature, ')[')

),

typed as (

    select
        data,
        words,
        argument[1] as type,
        argument[2] as place,
        words[64 * argument[2] + 1:64 * argument[2] + 64] as word
    from arguments
    where argument[1] is not null

),

placed as (

    select
        *,
        2 * try_cast(intermediate.abi_integer(word) as integer) as size_place
    from typed

),

sized as (

    select
        *,
        least(
            try_cast(
                intermediate.abi_integer(words[size_place + 1:size_place + 64])
                as integer
            ),
            length(words)
        ) as size
    from placed

),

-- an array is as many words, anything else one; bytes and text have none
split as (

    select
        *,
        case
            when type in ('bytes', 'string', 'bytes[]', 'string[]') then []
            when type like '%[]'
                then list_transform(
                    range(least(size, length(words) // 64)),
                    lambda entry: words[
                        size_place + 65 + 64 * entry:size_place + 128 + 64 * entry
                    ]
                )
            else [word]
        end as entries,
        words[size_place + 65:size_place + 64 + 2 * size] as content
    from sized

),

worded as (

    select
        *,
        array_to_string(
            list_transform(
                entries,
                lambda entry: intermediate.abi_word(entry, rtrim(type, '[]'))
            ),
            ', '
        ) as values
    from split

),

named as (

    select
        data,
        string_agg(
            case
                when length(word) < 64 then '?'
                when type = 'bytes' then coalesce('0x' || content, '?')
                when type = 'string'
                    then coalesce(
                        ''''
                        || replace(try(decode(unhex(content))), '''', '''''')
                        || '''',
                        '0x' || content,
                        '?'
                    )
                when type in ('bytes[]', 'string[]')
                    then '[' || coalesce(size::varchar, '?') || ' of ' || type || ']'
                when type like '%[]' then '[' || coalesce(values, '?') || ']'
                else values
            end,
            ', '
            order by place
        ) as arguments
    from worded
    group by data

)

select
    data,
    case
        when length(data) <= 2 then 'a call without data'
        when signature is null and length(data) <= 650 then 'unknown function ' || data
        when signature is null
            then 'unknown function ' || data[:650] || '…, '
                || (length(data) // 2 - 1) || ' bytes of hash ' || sha256(data)[:16]
        when contains(signature, ')[')
            then split_part(signature, '(', 1) || '(0x' || data[11:] || ')'
        else split_part(signature, '(', 1) || '(' || coalesce(arguments, '') || ')'
    end as call
from calls
left join named using (data)
