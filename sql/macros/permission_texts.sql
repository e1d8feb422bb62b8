-- What stands before, between and after the braces of a text.
-- arguments: words
regexp_split_to_array(words, '\{[^}]*\}')
