-- The arguments in the braces of a text, and what each is.
-- arguments: words
list_transform(
    regexp_extract_all(words, '\{([^}]*)\}', 1),
    lambda key: {
        key: split_part(key, ':', 1), unit: nullif(split_part(key, ':', 2), '')
    }
)
