-- One row per change of who has which power over a vault, or of a term of it.
-- grain: vault_id, log_position
-- units:
--   block number: block_number
--   log position: log_position
-- columns:
--   vault_id: the vault's id in the config
--   log_position: block number and place in it, as one number
--   changed_at: when, UTC
--   block_number: block of the event
--   transaction_hash: the transaction; where the archive has none, the block
--   contract: which contract says so, lower case
--   role: what it is to the vault: vault, safe, account, roles, proxy_admin, …
--   contract_name: its name in the config; empty for the vault itself
--   event: the event's name
--   kind: owner, role, signer, module, code, pause, fee, cap, access, venue, price,
--     delay or name
--   term: what changed: owner, pending owner, timelock, …; with contract, subject and
--     object it is one thing, whose latest row says how it stands. What goes on without
--     an event of its own stays as it was told: a Delay's queue, an allowance that is
--     used; a timelock's calls are cancelled together, by their id alone
--   subject: who or what it is about; null: the contract itself
--   object: a second thing it is about, such as the role or the function; or null
--   before: value before, where it is known; one that had yet to count, with its time
--   after: value after; nobody or none where an address was set to zero
--   changed_by: who did it, where the event says so
--   effective_at: from when it counts, if nothing replaces it sooner, or what was
--     submitted or scheduled may be made; null: after a delay that no event told
--   allows: in plain words, what the value after, or the subject, may do or means
with

events as (

    select * from intermediate.permission_events

),

names as (

    select * from intermediate.role_names

)

select
    vault_id,
    log_position,
    block_at as changed_at,
    block_number,
    transaction_hash,
    address as contract,
    events.role,
    name as contract_name,
    event,
    kind,
    term,
    coalesce(subjects.role_name, subject) as subject,
    coalesce(objects.role_name, object) as object,
    coalesce(befores.role_name, before) as before,
    coalesce(afters.role_name, after) as after,
    changed_by,
    effective_at,
    coalesce(
        case
            when subject = 'nobody' and after = 'granted' then objects.opened
            when subject = 'nobody' and after = 'not granted' then objects.closed
            when after = 'granted' then objects.granted
            when after = 'not granted' then objects.revoked
        end,
        allows
    ) as allows
from events
left join names as subjects on subject = subjects.role
left join names as objects on object = objects.role
left join names as befores on before = befores.role
left join names as afters on after = afters.role
where position > 0
