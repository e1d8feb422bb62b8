-- One row per figure of another site that a file holds of a configured vault.
-- value is a fraction per year; printed_step is what its last digit is worth, so that
-- 7.18 % is 0.0718 with a step of 0.0001.
create table if not exists raw.site_figures (
    file_id integer not null,
    line bigint not null,
    site varchar not null,
    figure varchar not null,
    vault_id varchar not null,
    observed_at timestamptz not null,
    value double not null,
    printed_step double not null
);
