-- One row: a digest of what the config asked the last import for, its vaults and its
-- archives, so that a later stage notices another config.
create table if not exists raw.asked (digest varchar not null);
