-- One row per configured benchmark; each run writes it anew from the config.
-- kind is price, index, annual_rate or vault; a rate's year has day_count days, and
-- only a vault has a vault_id. At most one, a rate, is the risk-free one.
create table if not exists raw.benchmark_sources (
    benchmark varchar primary key,
    config_position integer not null,
    kind varchar not null,
    day_count integer,
    vault_id varchar,
    is_risk_free boolean not null
);
