-- One row per column of a mart: its definition and unit, read from a model's header.
-- Of a figure of marts.performance the header is that of its own file in sql/metrics,
-- of all others that of the mart. The comments of the columns say the same.
-- grain: mart, column_name
-- view
-- columns:
--   mart: the relation of marts that has the column
--   column_name: the column
--   definition: what it says
--   unit: of a column of numbers, what they count; empty: it holds none
--   sql_file: the file whose header says so
select
    mart,
    column_name,
    definition,
    coalesce(unit, '') as unit,
    sql_file
from seeds.column_headers
