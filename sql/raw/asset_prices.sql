-- One row per vault whose config names a benchmark as the price of its asset in US
-- dollars; each run writes them anew.
create table if not exists raw.asset_prices (
    vault_id varchar primary key,
    benchmark varchar not null
);
