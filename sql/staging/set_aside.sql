-- One row per file and reason: rows that import read but did not use.
-- Those of a file that no archive matches any more are no concern of the run.
-- grain: file_id, reason
with

files as (

    select * from raw.files where state != 'absent'

)

select
    set_aside.file_id,
    set_aside.reason,
    set_aside.rows as rows_set_aside,
    set_aside.first_line,
    set_aside.example
from raw.set_aside
semi join files using (file_id)
