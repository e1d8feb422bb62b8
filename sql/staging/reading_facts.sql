-- One row per fact that a reading states beside its price, as its file gave it.
-- A file that no archive matches any more counts for nothing until it is back.
-- grain: file_id, line, fact
select
    reading_facts.file_id,
    reading_facts.line,
    files.file_position + reading_facts.line as row_position,
    make_timestamp(epoch_us(reading_facts.observed_at))::date as fact_date,
    reading_facts.vault_id,
    reading_facts.is_alone,
    reading_facts.observed_at,
    reading_facts.fact,
    reading_facts.amount,
    reading_facts.amount_usd,
    reading_facts.fraction
from raw.reading_facts
inner join staging.row_files as files using (file_id)
