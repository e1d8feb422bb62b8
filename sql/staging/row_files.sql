-- One row per file whose rows count, with its place among all by path.
-- A file that no archive matches any more counts for nothing until it is back.
-- grain: file_id
select
    file_id,
    -- orders rows by path, then line: import history must not decide
    row_number() over (order by path) * 1_000_000_000_000 as file_position
from raw.files
where state != 'absent'
