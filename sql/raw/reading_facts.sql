-- One row per fact that a reading states beside its price, as the file gave it.
-- fact is the column: lost_assets, idle_assets, withdrawable_assets, utilisation, and
-- of rows that have any of these total_assets. amount is in raw units of the asset,
-- amount_usd in US dollars, fraction a part of 1; each fact has one of the three, and
-- total_assets may have two. is_alone: the reading gives no price, and stands
-- only here.
create table if not exists raw.reading_facts (
    file_id integer not null,
    line bigint not null,
    vault_id varchar not null,
    observed_at timestamptz not null,
    is_alone boolean not null,
    fact varchar not null,
    amount bignum,
    amount_usd double,
    fraction double
);
