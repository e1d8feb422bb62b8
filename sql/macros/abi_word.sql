-- A word of call data in hex as a value of a type that takes one word.
-- arguments: word, type
case
    when type = 'address' then '0x' || word[25:]
    when type = 'bool' then if(right(word, 1) = '1', 'true', 'false')
    when type like 'bytes%'
        then '0x' || word[:2 * coalesce(try_cast(type[6:] as integer), 32)]
    when type like 'int%' and word[1] = 'f' then '0x' || word
    else intermediate.abi_integer(word)
end
