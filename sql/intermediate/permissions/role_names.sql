-- One row per role that contracts commonly have: its id is the hash of its name.
-- granted and revoked say what that means where a role does not allow but forbids.
-- grain: role
select
    role,
    role_name,
    granted,
    revoked
from seeds.role_names
