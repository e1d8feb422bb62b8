-- One row per change of who has which power over a vault, or of a term of it.
-- grain: vault_id, log_position
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
--   subject: who or what it is about; null: the contract itself
--   object: a second thing it is about, such as the role or the function; or null
--   before: value before, where it is known
--   after: value after
--   changed_by: who did it, where the event says so
--   effective_at: from when it counts: fee rates may wait
--   allows: in plain words, what the value after, or the subject, may do or means
with

events as (

    select * from intermediate.permission_events

),

names as (

    select * from intermediate.role_names

),

worded as (

    select
        *,
        list_transform(
            [before_raw, after_raw],
            lambda x: case unit
                when 'bps' then format('{:g} %', try_cast(x as double) / 100)
                when 'wad' then format('{:g} %', try_cast(x as double) / 1e16)
                when 'wad_per_second'
                    then format(
                        '{:g} % per year', try_cast(x as double) * 31536000 / 1e16
                    )
                when 'seconds' then x || ' s'
                when 'state'
                    then ['open', 'closing', 'closed'][try_cast(x as int) + 1]
                when 'strategy_change'
                    then ['added', 'revoked'][try_cast(x as int)]
                when 'setup'
                    then x || ' of ' || json_array_length(object)
                when 'rates'
                    then array_to_string(
                        list_transform(
                            list_zip(
                                [
                                    'management', 'performance', 'entry', 'exit',
                                    'haircut'
                                ],
                                from_json(x, '["VARCHAR"]'),
                                true
                            ),
                            lambda rate: format(
                                '{} {:g} %', rate[1], try_cast(rate[2] as double) / 100
                            )
                        ),
                        ', '
                    )
                when 'yearn_roles'
                    then coalesce(
                        nullif(
                            array_to_string(
                                list_transform(
                                    list_filter(
                                        list_zip(
                                            [
                                                'add strategy', 'revoke strategy',
                                                'force revoke', 'accountant', 'queue',
                                                'reporting', 'debt', 'max debt',
                                                'deposit limit', 'withdraw limit',
                                                'minimum idle', 'profit unlock',
                                                'debt purchaser', 'emergency'
                                            ],
                                            range(14)
                                        ),
                                        lambda r: (try_cast(x as bigint) >> r[2]) % 2
                                            = 1
                                    ),
                                    lambda r: r[1]
                                ),
                                ', '
                            ),
                            ''
                        ),
                        'none'
                    )
            end
        ) as words
    from events

)

select
    vault_id,
    log_position,
    block_at as changed_at,
    block_number,
    transaction_hash,
    address as contract,
    worded.role,
    name as contract_name,
    event,
    kind,
    coalesce(subjects.role_name, subject) as subject,
    coalesce(objects.role_name, object) as object,
    coalesce(words[1], before_raw) as before,
    coalesce(words[2], after_raw) as after,
    changed_by,
    coalesce(
        to_timestamp(
            case when effective_epoch between 1 and 32503680000 then effective_epoch end
        ),
        block_at
    ) as effective_at,
    allows
from worded
left join names as subjects on subject = subjects.role
left join names as objects on object = objects.role
