-- One row per threshold: its value in this run, the config's or the default.
-- grain: threshold
-- stored where rows are few
with

defaults as (

    select
        threshold,
        value::double as default_value,
        unit,
        meaning
    from seeds.thresholds

),

configured as (

    select * from raw.thresholds

)

select
    threshold,
    coalesce(configured.value, default_value) as value,
    default_value,
    unit,
    meaning
from defaults
left join configured using (threshold)
