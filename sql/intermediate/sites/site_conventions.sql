-- One row per way in which a site computes a figure: what it takes, and from where.
-- choice: of the ways of one figure the first counts, and the next only where the vault
--   is too young for it
-- families: those of the vaults that the site has the figure of; is_for_all: what it
--   would be is shown for other vaults, too
-- chain: 1, other for all others, or any
-- formula: linear is growth less 1, times year_days over the days; compound is growth
--   to that power, less 1; null: no price tells the figure, for this reason
-- anchor: standing is the last price at the start of the window; first_inside the first
--   from there on
-- days: the window's length; null: since the first price
-- annual_days: nominal are the window's, true are those between the two prices (or up
--   to now, where it is live), whole are the true ones without the fraction, at least 1
-- until: where the window ends: at the last valuation, now, or at the last valuation
--   for the start and now for the days (live)
-- least: what it prints instead of anything below; null: it prints what it gets
-- listed_from: since when the site has the figure of those families; infinity: of some
--   of their vaults only
-- valid_from, valid_until: the days between which the site did so, the second not
--   included; infinity: no other way is known
-- grain: site, figure, choice, families, chain, valid_from
select
    site,
    figure,
    choice::integer as choice,
    string_split(families, ' ') as families,
    is_for_all::boolean as is_for_all,
    coalesce(chain, 'any') as chain,
    formula,
    anchor,
    days::integer as days,
    annual_days,
    year_days::double as year_days,
    until,
    least::double as least,
    reason,
    coalesce(listed_from, '-infinity')::date as listed_from,
    coalesce(valid_from, '-infinity')::date as valid_from,
    coalesce(valid_until, 'infinity')::date as valid_until,
    convention,
    source
from seeds.site_figures
