-- A word of call data as a decimal number where it has few digits, else in hex.
-- arguments: word
case
    when word = repeat('f', 64) then '2^256 - 1'
    when length(ltrim(word, '0')) > 31 then '0x' || ltrim(word, '0')
    else list_reduce(
        list_prepend(
            0::hugeint,
            list_transform(
                regexp_extract_all(ltrim(word, '0'), '.'),
                lambda digit: (instr('0123456789abcdef', digit) - 1)::hugeint
            )
        ),
        lambda number, digit: number * 16 + digit
    )::varchar
end
