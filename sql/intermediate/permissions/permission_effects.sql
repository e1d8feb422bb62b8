-- One row per term that an event changes beside its own, which no event of it tells.
-- Where it depends on an argument, what is left has a row for each of its values.
-- A transfer of ownership leaves no pending owner, a Safe's setup names the first
-- threshold. The texts are those of permission_kinds.
-- grain: event, term, position
select
    event,
    present,
    split_part(when_is, ' is ', 1) as when_key,
    split_part(when_is, ' is ', 2) as when_value,
    term,
    row_number() over (
        partition by event, term
        order by present, when_is
    ) as position,
    intermediate.permission_template(subject) as subject,
    intermediate.permission_template(object) as object,
    intermediate.permission_template(after) as after
from seeds.permission_effects
