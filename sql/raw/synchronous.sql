-- One row per vault of which the config says whether it redeems in the transaction that
-- asks; each run writes them anew. Of others their family tells.
create table if not exists raw.synchronous (
    vault_id varchar primary key,
    is_synchronous boolean not null
);
