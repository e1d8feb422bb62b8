-- Return on a holder's money in a vault; of all holders as one, where holder is null.
-- arguments: vault, holder
select
    who,
    start_at,
    end_at,
    paid_in,
    taken_out,
    end_value,
    profit,
    money_weighted_return,
    money_weighted_reason,
    time_weighted_return,
    time_weighted_apy,
    return_gap,
    modified_dietz
from marts.investor_returns
where vault_id = vault
    and scope = case when holder is null then 'vault' else 'holder' end
    and who = coalesce(lower(holder), 'all')
