-- The median of five values by comparing them, where a window's median would sort.
-- Where some are null, a value between those that are not.
-- arguments: a, b, c, d, middle
greatest(
    least(middle, greatest(least(a, b), least(c, d))),
    least(
        greatest(middle, greatest(least(a, b), least(c, d))),
        least(greatest(a, b), greatest(c, d))
    )
)
