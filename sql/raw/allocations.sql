-- One row per amount that a configured vault had in a market or venue, by a file.
-- assets is in raw units of the vault's asset, assets_usd in US dollars; one of the two
-- is there. is_inexact: the source wrote a decimal, a float or US dollars.
create table if not exists raw.allocations (
    file_id integer not null,
    line bigint not null,
    vault_id varchar not null,
    market varchar not null,
    observed_at timestamptz not null,
    assets bignum,
    assets_usd double,
    is_inexact boolean not null
);
