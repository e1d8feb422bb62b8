-- One row per span of a Lagoon vault's life in which its code was v0.6.
-- Code changes where the proxy or its beacon logs Upgraded. Between two changes it is
-- v0.6 where something is logged that only v0.6 logs, as each of its valuations does.
-- Before the first change that is logged it is v0.6 from the first such log on.
-- grain: vault_id, from_position
-- columns:
--   from_position: of the change, or of the first log that shows the version
--   to_position: of the next change; null: none
--   initialized_at: when the vault began, if it did so in this span
with

signs as (

    select
        vault_id,
        log_position
    from intermediate.vault_events
    where flow_source = 'settlements' and event in (
        'TotalAssetsExpirationUpdated', 'AsyncOnlyActivated', 'FeeTaken',
        'HaircutTaken', 'WithdrawSync'
    )

),

changes as (

    select
        vault_id,
        log_position
    from intermediate.vault_events
    where event = 'Upgraded'

    union

    select
        vault_id,
        log_position
    from staging.contract_events
    where event = 'Upgraded' and role = 'beacon'

),

spans as (

    select
        signs.vault_id,
        coalesce(changes.log_position, min(signs.log_position)) as from_position
    from signs
    asof left join changes
        on signs.vault_id = changes.vault_id
        and signs.log_position >= changes.log_position
    group by signs.vault_id, changes.log_position

),

closed as (

    select
        spans.vault_id,
        from_position,
        changes.log_position as to_position
    from spans
    asof left join changes
        on spans.vault_id = changes.vault_id
        and spans.from_position < changes.log_position

)

select
    closed.vault_id,
    from_position,
    to_position,
    min(initialized.block_at) as initialized_at
from closed
left join intermediate.vault_events as initialized
    on closed.vault_id = initialized.vault_id
    and initialized.event = 'Initialized'
    and initialized.log_position >= from_position
    and initialized.log_position < coalesce(to_position, 9223372036854775807)
group by all
