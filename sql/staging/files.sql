-- One row per archived file ever imported: what it is and what it gave.
-- grain: file_id
select
    file_id,
    path,
    kind,
    format,
    sha256,
    bytes,
    state,
    note,
    rows_read,
    rows_kept,
    rows_new,
    rows_filtered
from raw.files
