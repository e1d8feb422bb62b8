-- One row per term of permissions that says who has a power, or how long one waits.
-- A row with an object is for that role alone. held_by says where the holder stands:
-- in the value after, or in the subject, which has the power unless the value after
-- says not; the subject nobody of an open role is anybody. A wait is a call that waits,
-- functions are what a role may call, threshold and delay are those of a Safe and a
-- timelock. pending_for is the term that the holder gets once it accepts, delay_term
-- the contract's term that says how long what the power does waits. speed: through
-- means that it waits as the contract's own calls do, service that it carries out what
-- others decided, once that has waited; a veto need not wait.
-- grain: term, object
select
    term,
    coalesce(object, '') as object,
    position::integer as position,
    power,
    held_by,
    pending_for,
    delay_term,
    coalesce(speed, '') as speed,
    allows
from seeds.powers
