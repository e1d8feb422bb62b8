-- One row per reading of a configured vault that a file holds, as the file gave it.
-- share_price is in units of the asset; the other amounts are exact raw integers.
-- all four amounts are null where the read failed. is_inexact: the source wrote an
-- integer as a float, and its digits were taken as given.
create table if not exists raw.readings (
    file_id integer not null,
    line bigint not null,
    vault_id varchar not null,
    observed_at timestamptz not null,
    block_number bigint,
    share_price double,
    share_price_raw bignum,
    total_assets bignum,
    total_supply bignum,
    is_inexact boolean not null
);
