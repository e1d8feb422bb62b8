-- One row per kind of event that changes who may do what, or a term of a vault.
-- Columns that are written as texts have arguments of the event in braces, after a
-- colon what they are (see permission_value): who is concerned (subject), what about
-- (object), the value before and after; call is the call that the event's data are,
-- function the name of its selector, contract_role what the contract is to the vault,
-- api_version what it calls itself. present and when_is tell events of one name apart:
-- by an argument that only one has, and by what an argument is; the first row that fits
-- counts. Events with the same term, contract, subject and object change one thing.
-- effective says from when the change counts: {x} is a time, +{x} so long after the
-- event, +x as long as the term x of the contract says; else at once. from {x} is a
-- time until which the value before holds (counts_later); a value that another replaces
-- sooner never counts. at least: nor does it count sooner than those before it. after:
-- as it was is the value that holds. allows says in plain words what the value after,
-- or the subject, allows; allows_not says it where it is false, nobody or none.
-- changed_by is an argument's name.
-- grain: event, position
select
    event,
    position::integer as position,
    present,
    split_part(when_is, ' is ', 1) as when_key,
    split_part(when_is, ' is ', 2) as when_value,
    kind,
    term,
    intermediate.permission_template(subject) as subject,
    intermediate.permission_template(object) as object,
    intermediate.permission_template(before) as before,
    intermediate.permission_template(after) as after,
    changed_by,
    nullif(
        regexp_extract(effective, '^(?:from )?\{(.*)\}(?: at least)?$', 1), ''
    ) as effective_key,
    coalesce(starts_with(effective, 'from '), false) as counts_later,
    coalesce(ends_with(effective, ' at least'), false) as waits_for_earlier,
    nullif(regexp_extract(effective, '^\+\{(.*)\}$', 1), '') as wait_key,
    nullif(regexp_extract(effective, '^\+([^{]+)$', 1), '') as wait_term,
    allows,
    coalesce(allows_not, allows) as allows_not
from seeds.permission_kinds
