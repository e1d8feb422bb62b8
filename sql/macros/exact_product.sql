-- Product of two whole numbers, however long, which DuckDB would make a double of.
-- arguments: a, b
-- Both are of type hugeint and under 1e37; products of halves of 18 digits fit in one.
((a % 1000000000000000000) * (b % 1000000000000000000))::bignum
+ (
    (
        (a // 1000000000000000000) * (b % 1000000000000000000)
        + (a % 1000000000000000000) * (b // 1000000000000000000)
    )::varchar || repeat('0', 18)
)::bignum
+ (
    ((a // 1000000000000000000) * (b // 1000000000000000000))::varchar
    || repeat('0', 36)
)::bignum
