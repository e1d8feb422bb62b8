-- A text of permission_kinds with the values of an event's arguments in it.
-- arguments: texts, keys, given
nullif(
    array_to_string(
        list_transform(
            list_zip(texts, keys),
            lambda part: part[1] || coalesce(
                case when part[2] is not null then intermediate.permission_value(
                    given->>part[2]['key'], part[2]['unit']
                ) end,
                ''
            )
        ),
        ''
    ),
    ''
)
