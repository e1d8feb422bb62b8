-- What a cap is on, in words, of the data whose hash is its id.
-- The data are a text and, before it, the values that it is about, one word each; long
-- ones are addresses.
-- arguments: data
list_transform(
    [
        least(
            try_cast(intermediate.abi_integer(data[3:66]) as integer), length(data)
        )
    ],
    lambda place: nullif(
        regexp_extract(
            try(
                decode(
                    unhex(
                        data[
                            2 * place + 67
                            :2 * place + 66 + 2 * try_cast(
                                intermediate.abi_integer(
                                    data[2 * place + 3:2 * place + 66]
                                ) as integer
                            )
                        ]
                    )
                )
            ),
            '^[A-Za-z0-9/_-]+$'
        ),
        ''
    ) || ' ' || array_to_string(
        list_transform(
            range(1, place // 32),
            lambda word: if(
                length(ltrim(data[64 * word + 3:64 * word + 66], '0')) > 20,
                '0x' || data[64 * word + 27:64 * word + 66],
                intermediate.abi_integer(data[64 * word + 3:64 * word + 66])
            )
        ),
        ', '
    )
)[1]
