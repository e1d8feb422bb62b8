-- One row per Lagoon vault whose logs reach back to its first event.
-- grain: vault_id
select distinct vault_id
from staging.events
where event = 'StateUpdated' and (arguments->>'state') = '0'
