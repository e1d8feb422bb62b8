-- One row per vault and level of verification, written anew whenever a node verifies.
-- level is L0 to L3. verdict is proved if all of the vault's history passed, checked if
-- a part of it did and nothing failed, unproved otherwise. blocks is how many blocks
-- were verified, fault_block the first that failed, null if none.
create table if not exists raw.verifications (
    vault_id varchar not null,
    level varchar not null,
    verdict varchar not null,
    blocks bigint not null,
    fault_block bigint,
    detail varchar not null,
    primary key (vault_id, level)
);
