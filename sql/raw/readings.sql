-- One row per reading of a configured vault that a file holds, as the file gave it.
-- line is where it stands, or the next number where several stand on one line.
-- share_price is in units of the asset; the other amounts are exact raw integers.
-- all four amounts are null where the read failed, or where all that it has is in US
-- dollars, in raw.usd_readings. is_inexact: the source wrote an amount as a decimal or
-- a float, whose digits were taken as given, or in US dollars.
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
