-- What stands around the braces of a text, the arguments in them, and what each is.
-- arguments: words
{
    texts: regexp_split_to_array(words, '\{[^}]*\}'),
    keys: list_transform(
        regexp_extract_all(words, '\{([^}]*)\}', 1),
        lambda key: {
            key: split_part(key, ':', 1), unit: nullif(split_part(key, ':', 2), '')
        }
    )
}
