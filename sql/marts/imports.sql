-- One row per archived file: its format, and what became of its rows.
-- grain: path
-- units:
--   count: rows_read, rows_kept, rows_new, rows_filtered, rows_set_aside,
--     rows_after_as_of
--   bytes: bytes
-- columns:
--   path: the file as the config's pattern found it
--   kind: logs, readings, blocks, site, markets, allocations, prices or benchmark
--   format: the layout it was recognised as
--   sha256: digest of its bytes
--   bytes: the file's size
--   state: new, unchanged, reread (other config), replaced, extended or absent
--   note: what the config says of its figures
--   rows_read: rows in the file
--   rows_kept: rows used by this or a later run; 0 of a file that is gone, except block
--     times and benchmarks
--   rows_new: rows that no earlier file had given
--   rows_filtered: rows of contracts that are not configured, or that the archive's
--     `where` does not choose
--   rows_set_aside: rows not used, by reason in marts.import_reasons
--   rows_after_as_of: of the rows kept, those later than the as-of day, which a later
--     run will use
with

files as (

    select * from staging.files

),

run as (

    select * from staging.run

),

reasons as (

    select
        file_id,
        sum(rows_set_aside) as rows_set_aside,
        sum(rows_set_aside) filter (where is_kept) as rows_kept_aside
    from intermediate.rows_set_aside
    group by file_id

),

alone as (

    -- readings without a price, of which other figures are known
    select distinct
        file_id,
        line,
        observed_at
    from staging.reading_facts
    where is_alone

),

times as (

    select file_id, observed_at from staging.readings
    union all
    select file_id, block_at from staging.logs
    union all
    select file_id, observed_at from staging.site_figures
    union all
    select file_id, observed_at from alone
    union all
    select file_id, observed_at from staging.markets
    union all
    select file_id, observed_at from staging.allocations
    union all
    select file_id, observed_at from staging.token_prices

),

later as (

    select
        file_id,
        count(*) as rows_after_as_of
    from times
    cross join run
    where observed_at >= until_at
    group by file_id

)

select
    path,
    kind,
    format,
    sha256,
    bytes,
    state,
    note,
    rows_read,
    case
        when kind not in ('blocks', 'benchmark') and state = 'absent' then 0
        else rows_kept - coalesce(rows_kept_aside, 0)
    end as rows_kept,
    rows_new,
    rows_filtered,
    coalesce(rows_set_aside, 0)::bigint as rows_set_aside,
    coalesce(rows_after_as_of, 0) as rows_after_as_of
from files
left join reasons using (file_id)
left join later using (file_id)
order by path
