-- Product of two whole numbers over a third, rounded up; see mul_div_down.
-- arguments: a, b, c
0 - intermediate.mul_div_down(0 - a, b, c)
