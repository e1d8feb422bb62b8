-- The argument of a call that stands in a word of its data, or where that word says.
-- arguments: type, words, place
case
    when length(words) < 64 * (place + 1) then '?'
    when type in ('bytes', 'string')
        then coalesce(
            case when type = 'string' then '''' || replace(try(
                decode(
                    unhex(
                        words[
                            intermediate.abi_place(words, place) + 65:
                            intermediate.abi_place(words, place) + 64
                                + 2 * intermediate.abi_size(words, place)
                        ]
                    )
                )
            ), '''', '''''') || '''' end,
            '0x' || words[
                intermediate.abi_place(words, place) + 65:
                intermediate.abi_place(words, place) + 64
                    + 2 * intermediate.abi_size(words, place)
            ]
        )
    when type in ('bytes[]', 'string[]')
        then '[' || intermediate.abi_size(words, place) || ' of ' || type || ']'
    when type like '%[]'
        then '[' || array_to_string(
            list_transform(
                range(
                    least(
                        intermediate.abi_size(words, place),
                        length(words) // 64
                    )
                ),
                lambda entry: intermediate.abi_word(
                    words[
                        intermediate.abi_place(words, place) + 65 + 64 * entry:
                        intermediate.abi_place(words, place) + 128 + 64 * entry
                    ],
                    type[:-3]
                )
            ),
            ', '
        ) || ']'
    else intermediate.abi_word(words[64 * place + 1:64 * place + 64], type)
end
