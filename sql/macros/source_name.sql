-- Name of a source of prices by its place among them.
-- arguments: source_rank
(intermediate.price_sources())[source_rank]
