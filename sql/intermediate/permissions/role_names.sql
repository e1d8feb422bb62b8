-- One row per role that contracts commonly have: its id is the hash of its name.
-- grain: role
select
    role,
    role_name
from seeds.role_names
