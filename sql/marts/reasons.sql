-- One row per reason for which a figure is undefined, and what it means.
-- grain: reason
-- columns:
--   reason: code, as in marts.performance_reasons
--   meaning: the reason in a sentence
select
    reason,
    meaning
from seeds.reasons
