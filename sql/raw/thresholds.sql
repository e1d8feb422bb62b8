-- One row per threshold that the config sets; written anew by each run.
create table if not exists raw.thresholds (
    threshold varchar primary key,
    value double not null
);
