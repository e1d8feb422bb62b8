-- Names of the sources of a price per share, the most trusted first.
-- arguments: none
-- a Lagoon settlement that the logs account for, one that they do not, the contract's
-- state read from a node, the status that an Euler vault logs, the rate that a Veda
-- vault's accountant logs, a reading of an archived file, an ERC-4626 deposit or
-- withdrawal
[
    'lagoon_settlement', 'lagoon_event', 'node_state', 'vault_status', 'posted_rate',
    'reading', 'erc4626_trade'
]
