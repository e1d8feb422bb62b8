-- One row per figure of another site that was captured, as its file gave it.
-- A file that no archive matches any more counts for nothing until it is back.
-- grain: file_id, line
with

files as (

    select file_id from raw.files where state != 'absent'

)

select
    site_figures.file_id,
    site_figures.line,
    site_figures.site,
    site_figures.figure,
    site_figures.vault_id,
    site_figures.observed_at,
    site_figures.value as printed,
    site_figures.printed_step
from raw.site_figures
inner join files using (file_id)
