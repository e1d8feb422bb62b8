-- One row per reading that a file gives in US dollars, wholly or in part, as the file
-- has it: the price of a share and the total assets. Its rest is in raw.readings.
create table if not exists raw.usd_readings (
    file_id integer not null,
    line bigint not null,
    share_price_usd double,
    total_assets_usd double
);
