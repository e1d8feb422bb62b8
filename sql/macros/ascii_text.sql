-- A word in hex as the text that it begins with, where it holds plain text.
-- arguments: word
coalesce(
    nullif(
        regexp_extract(
            try(decode(unhex(word[3:]))), '^([A-Za-z0-9_. -]+)\x00*$', 1
        ),
        ''
    ),
    word
)
