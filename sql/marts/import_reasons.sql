-- One row per archived file and reason: rows that were set aside, and the first.
-- grain: path, reason
-- units:
--   count: rows_set_aside
--   line: first_line
-- columns:
--   path: the file as the config's pattern found it
--   reason: empty_price, conflicting_reading, price_out_of_range and the like
--   rows_set_aside: rows of the file that were set aside for the reason
--   first_line: line, row or block of the first row that was set aside
--   example: what the first looks like
select
    path,
    reason,
    rows_set_aside,
    first_line,
    example
from intermediate.rows_set_aside
inner join staging.files using (file_id)
order by path, reason
