-- Product of two whole numbers over a third, rounded down: exact, as contracts have it.
-- arguments: a, b, c
-- All are of type hugeint and under 1e37, and c is positive. A quotient by doubles is
-- put right twice by its exact rest; from 1e30 on that is not enough, and it is null.
list_transform(
    [intermediate.exact_product(a, b)],
    lambda whole: list_transform(
        [
            case
                when abs(whole::double / c::double) < 1e30
                    then trunc(whole::double / c::double)::hugeint
            end
        ],
        lambda guess: list_transform(
            [
                guess + trunc(
                    (whole - intermediate.exact_product(guess, c))::double / c::double
                )::hugeint
            ],
            lambda near: list_transform(
                [whole - intermediate.exact_product(near, c)],
                lambda rest: near + case
                    when rest < 0::bignum - c::bignum then -2
                    when rest < 0::bignum then -1
                    when rest < c::bignum then 0
                    when rest < c::bignum + c::bignum then 1
                    else 2
                end
            )[1]
        )[1]
    )[1]
)[1]
