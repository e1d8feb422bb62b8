-- How many bytes or entries an argument of a call has that takes several words.
-- arguments: words, place
try_cast(
    intermediate.abi_integer(
        words[
            intermediate.abi_place(words, place) + 1:
            intermediate.abi_place(words, place) + 64
        ]
    ) as integer
)
