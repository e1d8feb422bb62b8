-- One row per benchmark and UTC day with a value: a price, an index, or a rate as a
-- fraction per year. Each run writes it anew from the config's files.
create table if not exists raw.benchmarks (
    benchmark varchar not null,
    observed_on date not null,
    value double not null,
    primary key (benchmark, observed_on)
);
