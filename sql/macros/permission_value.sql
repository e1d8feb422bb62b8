-- The value of an event's argument in words; unit says what it is.
-- arguments: value, unit
case
    when value is null then null
    when unit is null and value = '0x0000000000000000000000000000000000000000'
        then 'nobody'
    when unit is null then value
    when unit = 'none'
        then if(value = '0x0000000000000000000000000000000000000000', 'none', value)
    -- a word that names a role or a root: text, hash or zero
    when unit = 'key'
        then if(
            regexp_full_match(value, '0x0*'), 'none', intermediate.ascii_text(value)
        )
    when unit = 'later'
        then if(regexp_full_match(value, '0x0*'), '', ', after ' || value)
    when unit = 'bps' then format('{:g} %', try_cast(value as double) / 100)
    when unit = 'wad' then format('{:g} %', try_cast(value as double) / 1e16)
    when unit = 'wad_per_second'
        then format('{:g} % per year', try_cast(value as double) * 31536000 / 1e16)
    when unit = 'ray_per_second'
        then format(
            '{:.4g} % per year',
            (pow(try_cast(value as double) / 1e27, 31536000) - 1) * 100
        )
    when unit = 'rate_limit' then if(value = '0', 'no limit', value || ' more')
    -- what is released each second, of 10^18 parts
    when unit = 'release'
        then if(
            value = '0', 'never', format('{:.0f} s', 1e18 / try_cast(value as double))
        )
    when unit = 'seconds' then value || ' s'
    when unit = 'wei' then if(value = '0', '', ' with ' || value || ' wei')
    when unit = 'time'
        then strftime(to_timestamp(try_cast(value as bigint)), '%Y-%m-%d %H:%M UTC')
    when unit = 'most'
        then case
            when ltrim(value, '0') = '' then '0'
            when intermediate.is_no_limit(value) then 'no limit'
            else value
        end
    when unit = 'up_to'
        then if(
            intermediate.is_no_limit(value), 'without a limit', 'up to ' || value
        )
    -- ten bits of digits with two decimals, then six of the power of ten
    when unit = 'euler_cap'
        then case
            when value = '0' then 'no limit'
            else (
                (try_cast(value as hugeint) >> 6)
                * pow(10::double, (try_cast(value as integer) & 63) - 2)
            )::hugeint::varchar
        end
    when unit = 'text' then intermediate.ascii_text(value)
    when unit = 'role'
        then case value
            when '0' then 'ADMIN_ROLE'
            when '18446744073709551615' then 'PUBLIC_ROLE'
            else 'role ' || value
        end
    when unit = 'execution'
        then case value
            when '0' then 'by a plain call without value'
            when '1' then 'by a call that may send value'
            when '2'
                then 'by a plain call without value or a delegatecall, which runs '
                    || 'its code as the Safe itself'
            when '3'
                then 'by a call that may send value or a delegatecall, which runs '
                    || 'its code as the Safe itself'
            else 'options ' || value
        end
    when unit = 'conditions'
        then json_array_length(value) || ' conditions (' || sha256(value)[:8] || ')'
    -- bit 0 stands for the owner itself
    when unit = 'sub_accounts'
        then coalesce(
            'sub-accounts ' || nullif(
                array_to_string(
                    list_filter(
                        range(127),
                        lambda bit: (try_cast(value as hugeint) >> bit) % 2 = 1
                    ),
                    ', '
                ),
                ''
            ),
            'the sub-accounts of the bits of ' || value
        )
    when unit = 'cap_id' then coalesce(intermediate.cap_id(value), value)
    when unit = 'list'
        then coalesce(
            nullif(array_to_string(from_json(value, '["VARCHAR"]'), ', '), ''), 'none'
        )
    when unit = 'rates'
        then array_to_string(
            list_transform(
                list_zip(
                    ['management', 'performance', 'entry', 'exit', 'haircut'],
                    from_json(value, '["VARCHAR"]'),
                    true
                ),
                lambda rate: format(
                    '{} {:g} %', rate[1], try_cast(rate[2] as double) / 100
                )
            ),
            ', '
        )
    when unit = 'guardrails'
        then format(
            'from {:g} % to {:g} % per year',
            try_cast(value::json->>1 as double) / 1e16,
            try_cast(value::json->>0 as double) / 1e16
        )
    when unit = 'markets'
        then array_to_string(
            list_transform(
                from_json(value, '["JSON"]'), lambda market: market->>0
            ),
            ', '
        )
    when unit = 'flow_caps'
        then array_to_string(
            list_transform(
                from_json(value, '["JSON"]'),
                lambda market: format(
                    '{}: in {}, out {}',
                    market->>0,
                    market->'$[1]'->>0,
                    market->'$[1]'->>1
                )
            ),
            ', '
        )
    when unit like 'bits %'
        then coalesce(
            nullif(
                array_to_string(
                    list_transform(
                        list_filter(
                            list_zip(string_split(unit[6:], '|'), range(64)),
                            lambda bit: bit[1] is not null
                                and (try_cast(value as bigint) >> bit[2]) % 2 = 1
                        ),
                        lambda bit: bit[1]
                    ),
                    ', '
                ),
                ''
            ),
            'none'
        )
    when contains(unit, '|')
        then coalesce(
            string_split(unit, '|')[
                case value
                    when 'false' then 1
                    when 'true' then 2
                    else try_cast(value as integer) + 1
                end
            ],
            value
        )
end
