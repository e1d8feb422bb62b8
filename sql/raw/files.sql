-- One row per archived file ever imported; a changed file keeps its row and its number.
-- path is as the config's glob found it, relative to the config; it is the identity.
-- kind is logs, readings, blocks, site or benchmark. selection is a digest of what the
-- config asked for, so that a file is read again when a vault or a column mapping was
-- added.
-- state says what this run did: new, unchanged, reread (same bytes, other config),
-- replaced, extended or absent.
create table if not exists raw.files (
    file_id integer primary key,
    path varchar not null unique,
    kind varchar not null,
    format varchar not null,
    sha256 varchar not null,
    bytes bigint not null,
    selection varchar not null,
    state varchar not null,
    note varchar not null,
    rows_read bigint not null,
    rows_kept bigint not null,
    rows_new bigint not null,
    rows_filtered bigint not null
);
