-- Fills a database whose catalogue and customers are there (`tollgate apply`) with a long past, as its owner:
--
--   psql -v subscriptions=10000000 -v transfers=15000000 -v slots=2000000 -f history.sql
--
-- history.sh does the same in two sessions at once. Every customer of a tenant who pays in its currency gets the same
-- share. Their purchases come in rounds, one subscription for each customer in each round, so that the place of every
-- posting in its statement, and the balance after it, can be computed instead of being added up. `transfers` beyond one
-- per subscription and one top-up per customer become wholesale legs. Two postings are a transfer.
--
-- All invariants hold afterwards. What is not real: the secrets (nobody can open them, so no door can show the customers'
-- subscriptions), the check value in the ids (doors take such ids for made-up ones), and that there are no renewals,
-- coupons, trials or refunds among the past. Slots that were returned are for sale, but last of all: run the worker before,
-- so that there are real ones to buy first.
--
-- At full size it writes 17 GB. A cluster that is loaded with fsync, full_page_writes off, wal_level minimal (and
-- max_wal_senders 0), max_wal_size 20GB, and restarted as it is to be measured, takes half the time. Then let every
-- customer buy once before measuring: each has places of its own in the indexes, and the first visit reads them.
\ir history/prepare.sql
\ir history/ledger.sql
\ir history/holdings.sql
\ir history/finish.sql
