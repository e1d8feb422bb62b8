-- Where in call data the length of an argument stands, in hex digits from its start.
-- arguments: words, place
2 * try_cast(
    intermediate.abi_integer(words[64 * place + 1:64 * place + 64]) as integer
)
