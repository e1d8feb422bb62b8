-- One row per price of a token that a file holds, as the file gave it: in US dollars,
-- or in the token that quote_token names. chain_id is null where nothing tells it.
create table if not exists raw.token_prices (
    file_id integer not null,
    line bigint not null,
    chain_id bigint,
    token varchar not null,
    observed_at timestamptz not null,
    price double not null,
    quote_token varchar
);
