-- Quotient of two polynomials in x, their coefficients listed from the highest power.
-- arguments: x, numerator, denominator
list_reduce(numerator, lambda sum, c: sum * x + c)
    / list_reduce(denominator, lambda sum, c: sum * x + c)
