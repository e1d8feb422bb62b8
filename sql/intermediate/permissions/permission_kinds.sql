-- One row per kind of event that changes who may do what, or a term of a vault.
-- The keys are names of the event's arguments: who is concerned (subject), what about
-- (object), the value before and after, and who did it. Where a value is none of the
-- arguments, a word stands for it. present tells events of one name apart by an
-- argument that only one has. state joins events that change the same thing. allows
-- says in plain words what the value after, or the subject, allows.
-- grain: event, position
select
    event,
    position::integer as position,
    present,
    kind,
    state,
    subject_key,
    object_key,
    before_key,
    after_key,
    before_word,
    after_word,
    by_key,
    unit,
    allows
from seeds.permission_kinds
