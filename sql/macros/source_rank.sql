-- Place of a source of prices among all of them, 1 for the most trusted.
-- arguments: source
list_position(intermediate.price_sources(), source)
