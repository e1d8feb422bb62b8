-- One row per state of a lending market that a file holds, as the file gave it.
-- supply, borrow and liquidity are in one unit: raw, asset (whole loan tokens) or usd;
-- utilisation is a fraction, collateral_amount in whole tokens. chain_id is null where
-- nothing tells it. Names that begin with 0x are lower case.
create table if not exists raw.markets (
    file_id integer not null,
    line bigint not null,
    chain_id bigint,
    market varchar not null,
    observed_at timestamptz not null,
    unit varchar not null,
    supply double,
    borrow double,
    liquidity double,
    utilisation double,
    collateral varchar,
    collateral_amount double,
    loan_token varchar
);
