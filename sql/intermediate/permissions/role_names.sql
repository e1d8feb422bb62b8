-- One row per role that contracts commonly have: its id is the hash of its name.
-- granted and revoked say what that means where it is known, opened and closed what it
-- means where the role is given to nobody, or taken from it.
-- grain: role
select
    role,
    role_name,
    granted,
    revoked,
    opened,
    closed
from seeds.role_names
