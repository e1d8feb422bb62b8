-- One row per vault whose logs a node proved to be all there (level L2).
-- What its logs do not explain is unexplained; nothing of it is missing.
-- grain: vault_id
select distinct vault_id
from staging.verifications
where level = 'L2' and verdict = 'proved'
