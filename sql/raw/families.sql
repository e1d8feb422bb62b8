-- One row per kind of contract that extract knows: what is true of every contract of
-- the kind, so that no model has to know a vault's family by its name.
create table if not exists raw.families (
    family varchar not null,
    -- in the order in which people are shown them
    position integer not null,
    -- a vault may be of it; otherwise only what stands around one
    is_vault boolean not null,
    -- its name for people
    label varchar not null,
    -- ERC-4626 or ERC-7540; null: neither
    standard varchar,
    -- shares are redeemed in the transaction that asks; null: not a vault, or not known
    is_synchronous boolean,
    -- logs that tell a price: settlements, statuses, rates or trades; null: none do
    log_price_source varchar,
    -- in the price's numerator, raw; null: not known
    virtual_assets bigint,
    -- in its denominator, raw; null: not known
    virtual_shares bigint,
    -- virtual_shares is times 10 ^ (share decimals - asset decimals)
    has_decimals_offset boolean,
    -- what tells deposits and withdrawals: settlements, events or transfers; null: no
    -- vault
    flow_source varchar,
    -- its own events that tell where assets are: strategy_debt or adapter_changes;
    -- null: none
    allocation_source varchar,
    -- of its Deposit and Withdraw: whose position changes; null: they do not tell
    owner_argument varchar,
    -- every mint and burn has an event of its own that says what it is for
    tells_every_mint boolean not null,
    -- fees are minted to the vault, which sends them on
    mints_fees_to_itself boolean not null,
    -- an account's last byte may differ from its owner's
    has_sub_accounts boolean not null,
    -- its assets leave the contract for accounts that its logs do not name
    keeps_assets_elsewhere boolean not null,
    -- the lending protocol that its debts are counted under; null: it does not lend
    market varchar,
    -- the price counts fee shares before they are minted: the function that tells them
    -- after the total assets; null: none does
    accrued_fees_view varchar,
    -- or the function of the rate that is due of total assets above lastTotalAssets
    accrued_fee_rate varchar,
    -- what that rate's one is
    accrued_fee_one bigint,
    -- a loss takes shares of its own first, in which a profit is locked
    burns_locked_profit boolean not null,
    -- the total supply is the sum of all mints less all burns in its logs
    is_supply_in_logs boolean not null,
    -- it can lend without a log that names who owes
    lends_silently boolean not null,
    -- its maxWithdraw means it: where it is less than the holder's shares are worth, no
    -- more can be taken out of the vault
    tells_withdrawable boolean not null
);
