-- A call as its function and arguments, as far as the function is known; else its data.
-- arguments: signature, data
case
    when length(data) <= 2 then 'a plain transfer'
    when signature is null and length(data) <= 650 then 'unknown function ' || data
    when signature is null
        then 'unknown function ' || data[:650] || '…, '
            || (length(data) // 2 - 1) || ' bytes of hash ' || sha256(data)[:16]
    when contains(signature, ')[')
        then split_part(signature, '(', 1) || '(0x' || data[11:] || ')'
    else split_part(signature, '(', 1) || '(' || coalesce(
        array_to_string(
            list_transform(
                list_zip(
                    list_filter(
                        string_split(
                            translate(signature[instr(signature, '('):], '()', ''), ','
                        ),
                        lambda type: type != ''
                    ),
                    range(20)
                ),
                lambda argument: case
                    when argument[1] is not null
                        then coalesce(
                            intermediate.argument_text(
                                argument[1], data[11:], argument[2]
                            ),
                            '?'
                        )
                end
            ),
            ', '
        ),
        ''
    ) || ')'
end
