-- One row per vault and holder: the shares on its account, pending ones included.
-- Shares of less than a billionth of what ever moved are the noise of their sums.
-- grain: vault_id, holder
-- stored
-- one thread
with

sums as (

    select
        vault_id,
        holder,
        sum(shares) as shares,
        sum(abs(shares)) as moved_shares,
        bool_or(assets is null) as is_unpriced,
        min(block_at) as first_at,
        max(block_at) as last_at,
        count(*) as changes_count
    from intermediate.holder_flows
    group by vault_id, holder

)

select
    vault_id,
    holder,
    case when abs(shares) > 1e-9 * moved_shares then shares else 0 end as shares,
    moved_shares,
    is_unpriced,
    first_at,
    last_at,
    changes_count
from sums
