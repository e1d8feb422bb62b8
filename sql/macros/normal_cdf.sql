-- Probability that a standard normal lies below x.
-- arguments: x
-- source: Cody, Mathematics of Computation 23, 1969; Algorithm 715, ACM TOMS 19, 1993
-- the smaller of both tails keeps all its digits, down to 1e-300
case
    when abs(x) <= 0.67448975e0 then
        0.5e0 + x * ((((
            0.065682337918207449113e0 * x * x
            + 2.2352520354606839287e0) * x * x
            + 161.02823106855587881e0) * x * x
            + 1067.6894854603709582e0) * x * x
            + 18154.981253343561249e0)
        / ((((x * x
            + 47.20258190468824187e0) * x * x
            + 976.09855173777669322e0) * x * x
            + 10260.932208618978205e0) * x * x
            + 45507.789335026729956e0)
    else if(x > 0, 1, 0) - sign(x) * intermediate.normal_tail(abs(x))
end
