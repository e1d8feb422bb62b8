-- One row per vault whose config says what its asset is worth; each run writes them
-- anew.
-- reference: usd for about one US dollar, other for anything else
create table if not exists raw.asset_references (
    vault_id varchar primary key,
    reference varchar not null
);
