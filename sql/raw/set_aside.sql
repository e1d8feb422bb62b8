-- One row per file and reason: rows that were read but not used, and the first of them.
-- line is the line of a text file or the row number of a Parquet file, from 1.
create table if not exists raw.set_aside (
    file_id integer not null,
    reason varchar not null,
    rows bigint not null,
    first_line bigint not null,
    example varchar not null,
    primary key (file_id, reason)
);
