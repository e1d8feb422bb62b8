-- One row per function whose calls can be told in words, by its selector.
-- grain: selector
select
    selector,
    signature
from seeds.functions
