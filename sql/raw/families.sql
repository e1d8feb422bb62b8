-- One row per kind of contract that extract knows: what is true of every contract of
-- the kind, so that no model has to know a vault's family by its name.
create table if not exists raw.families (
    family varchar not null,
    position integer not null, -- in the order in which people are shown them
    is_vault boolean not null, -- a vault may be of it; otherwise only what stands around one
    label varchar not null, -- its name for people
    standard varchar, -- ERC-4626 or ERC-7540; null: neither
    is_synchronous boolean, -- shares are redeemed in the transaction that asks; null: not a vault, or not known
    log_price_source varchar, -- logs that tell a price: settlements or trades; null: none do
    virtual_assets bigint, -- in the price's numerator, raw; null: not known
    virtual_shares bigint, -- in its denominator, raw; null: not known
    has_decimals_offset boolean, -- virtual_shares is times 10 ^ (share decimals - asset decimals)
    flow_source varchar, -- what tells deposits and withdrawals: settlements, events or transfers; null: not a vault
    allocation_source varchar, -- its own events that tell where assets are: strategy_debt or adapter_changes; null: none
    owner_argument varchar, -- of its Deposit and Withdraw: whose position changes; null: they do not tell
    has_sub_accounts boolean not null, -- an account's last byte may differ from its owner's
    keeps_assets_elsewhere boolean not null, -- its assets leave the contract for accounts that its logs do not name
    market varchar -- the lending protocol that its debts are counted under; null: it does not lend
);
