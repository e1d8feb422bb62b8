-- What the source of a price is called, by its rank among the sources.
-- arguments: source_rank
case source_rank
    when 1 then 'lagoon_settlement'
    when 2 then 'lagoon_event'
    when 3 then 'node_state'
    when 4 then 'reading'
    else 'erc4626_trade'
end
