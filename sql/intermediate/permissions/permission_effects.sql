-- One row per term that an event changes beside its own, which no event of it tells.
-- A transfer of ownership leaves no pending owner, a Safe's setup names the first
-- threshold. The texts are those of permission_kinds.
-- grain: event, term
select
    event,
    present,
    split_part(when_is, ' is ', 1) as when_key,
    split_part(when_is, ' is ', 2) as when_value,
    term,
    intermediate.permission_texts(subject) as subject_texts,
    intermediate.permission_keys(subject) as subject_keys,
    intermediate.permission_texts(object) as object_texts,
    intermediate.permission_keys(object) as object_keys,
    intermediate.permission_texts(after) as after_texts,
    intermediate.permission_keys(after) as after_keys
from seeds.permission_effects
