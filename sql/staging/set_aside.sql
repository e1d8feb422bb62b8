-- One row per file and reason: rows that import read but did not use.
-- grain: file_id, reason
select
    file_id,
    reason,
    rows as rows_set_aside,
    first_line,
    example
from raw.set_aside
