-- One row per term that an event changes beside its own, which no event of it tells.
-- Where it depends on an argument, what is left has a row for each of its values.
-- A transfer of ownership leaves no pending owner, a Safe's setup names the first
-- threshold. The texts are those of permission_kinds.
-- position numbers an event's from -1 down, so that it is none of permission_kinds.
-- grain: event, position
select
    event,
    -row_number() over (
        partition by event
        order by term, present, when_is
    ) as position,
    present,
    split_part(when_is, ' is ', 1) as when_key,
    split_part(when_is, ' is ', 2) as when_value,
    term,
    intermediate.permission_template(subject) as subject,
    intermediate.permission_template(object) as object,
    intermediate.permission_template(after) as after
from seeds.permission_effects
