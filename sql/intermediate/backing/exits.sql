-- One row per vault and block: what its code lets the largest holder take out.
-- It counts where the vault's family says that the answer means it. An answer of less
-- than the holder's shares are worth is all that can be withdrawn of the vault, whoever
-- asks; else at least so much can.
-- formula: reachable = greatest(max withdraw, max redeem x price)
-- The second is more where a fee comes off, or behind a loss nobody has taken yet.
-- formula: is_all = reachable + 32 < balance x price x (1 - 1e-12), in raw units
-- A contract rounds down once for the holder and once for each market or strategy that
-- it would draw on, of which each family's code allows 30 at most; and the price has 18
-- digits where a share is worth a unit, 12 where it is worth a millionth. So 32 and a
-- part in 1e12 are rounding, and nothing more is.
-- Where assets may be elsewhere the code need not know whether it can pay: no more than
-- the contract itself holds counts as what can be withdrawn at least.
-- columns:
--   is_all: whether no more can be withdrawn of the vault; if not, more may be
--   withdrawable_assets: units of the asset
--   stuck_assets: the total assets less these, 0 where more may be withdrawn
-- grain: vault_id, block_number
with

vaults as (

    select
        vault_id,
        chain_id,
        address,
        asset_decimals,
        keeps_assets_elsewhere
    from staging.vaults
    inner join staging.families as families using (family)
    where tells_withdrawable

),

answers as (

    select
        vaults.vault_id,
        asset_decimals,
        keeps_assets_elsewhere,
        states.block_number,
        states.block_at,
        max(value::double) filter (where field = 'holder.maxWithdraw') as answered,
        max(value::double) filter (where field = 'holder.maxRedeem')
            as redeemable_shares,
        max(value::double) filter (where field = 'holder.balanceOf') as shares,
        max(value::double) filter (where field = 'asset.balanceOf') as own_assets,
        max(value::double) filter (where field = 'totalAssets') as total_assets,
        max(value::double / try_cast(argument as double)) filter (
            where field = 'convertToAssets'
        ) as price
    from staging.states as states
    inner join vaults using (chain_id, address)
    where
        states.field in (
            'holder.maxWithdraw', 'holder.maxRedeem', 'holder.balanceOf',
            'asset.balanceOf', 'totalAssets', 'convertToAssets'
        )
    group by all
    having answered is not null

),

worths as (

    select
        *,
        10::double ^ asset_decimals as unit,
        shares * price as worth,
        -- greatest passes over nulls
        greatest(answered, redeemable_shares * price) as reachable
    from answers
    where shares > 0 and price > 0

),

judged as (

    select
        *,
        reachable + 32 < worth * (1 - 1e-12) as is_all
    from worths

)

select
    vault_id,
    block_number,
    block_at,
    is_all,
    case
        when is_all then reachable
        when not keeps_assets_elsewhere then least(answered, worth)
        when own_assets is not null then least(answered, worth, own_assets)
    end / unit as withdrawable_assets,
    if(is_all, greatest(total_assets - reachable, 0), 0) / unit as stuck_assets
from judged
