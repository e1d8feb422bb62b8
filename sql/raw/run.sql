-- One row: the parameters of the run; written anew by each.
-- until_at is the first instant after the as-of day (exclusive bound).
-- risk_free_rate is a fraction per year, min_total_assets is in units of the asset.
create table if not exists raw.run (
    as_of date not null,
    until_at timestamptz not null,
    risk_free_rate double,
    min_total_assets double
);
