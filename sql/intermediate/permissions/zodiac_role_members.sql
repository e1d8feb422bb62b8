-- One row per assignment of roles by a Roles modifier, which puts a member in and out.
-- members_before says where it was, as far as earlier assignments tell.
-- grain: vault_id, log_position
with

roles as (

    select distinct
        vault_id,
        log_position,
        address,
        arguments->>'module' as member,
        unnest(
            list_zip(
                from_json(arguments->'roleKeys', '["VARCHAR"]'),
                from_json(arguments->'memberOf', '["BOOLEAN"]')
            )
        ) as role
    from staging.contract_events
    where event = 'AssignRoles'

),

assignments as (

    select
        vault_id,
        log_position,
        intermediate.ascii_text(role[1]) as role,
        role[2] as is_in,
        lag(role[2]) over (
            partition by vault_id, address, member, role[1]
            order by log_position
        ) as was_in
    from roles

)

select
    vault_id,
    log_position,
    string_agg(if(was_in, 'in ', 'not in ') || role, ', ' order by role)
        filter (where was_in is not null) as members_before,
    string_agg(if(is_in, 'in ', 'not in ') || role, ', ' order by role) as members
from assignments
group by vault_id, log_position
