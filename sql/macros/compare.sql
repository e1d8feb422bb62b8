-- Every metric of every period of two vaults side by side, or why one has none.
-- arguments: vault_a, vault_b
-- example: select metric, value_a, value_b from marts.compare('alusd', 'alpusd')
with

first_vault as (

    select * from marts.performance_long where vault_id = vault_a

),

second_vault as (

    select * from marts.performance_long where vault_id = vault_b

)

select
    period,
    metric,
    unit,
    first_vault.value as value_a,
    second_vault.value as value_b,
    first_vault.value - second_vault.value as difference,
    first_vault.reason as reason_a,
    second_vault.reason as reason_b
from first_vault
inner join second_vault using (period, metric, unit)
inner join marts.metric_definitions using (metric)
inner join marts.performance using (period)
where performance.vault_id = vault_a
order by period_position, position
