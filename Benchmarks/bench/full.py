"""What a purchase costs in full tables, and what the server's memory does over a million orders.

`python -m bench.full`: needs a release build, 40 GB of disk and half an hour; writes docs/performance-full.md.
"""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

from . import load, machine, page
from .site import ROOT, Site

# The past is loaded without waiting for the disk; everything that is measured runs with default durability again.
LOADING = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0",
           "max_wal_size": "20GB", "autovacuum": "off"}


def main():
    options = _options()
    started = time.monotonic()

    def say(text):
        print(f"{time.monotonic() - started:5.0f} s  {text}", flush=True)

    folder = pathlib.Path(tempfile.mkdtemp(prefix="tollgate-bench-full-"))
    site = Site(folder, 1_000 + options.orders * 13 // 10 // 50, 1_000)
    try:
        say("making a database")
        site.build(baselines=False)
        _past(site, options, say)
        names = ("bench", "full")
        servers = {name: site.serve(name) for name in names}
        many, _ = site.buyers(servers["bench"])
        for name in names:
            load.wrk(servers[name].address, "login.lua", [many], 64, 5)
            # Every customer buys, so that nobody's own pages are read for the first time while it counts.
            load.wrk(servers[name].address, "post.lua", [many, "warm", "7"], 256, options.seconds * 4)
        costs = _rounds(site, servers, many, options, say)
        servers["full"].stop()
        memory = _memory(site, servers["bench"], many, options.orders, say)
        servers["bench"].stop()
        sizes = site.cluster.psql("full", "-F", " ", "-c", """
            SELECT pg_size_pretty(pg_database_size('full')),
                   (SELECT count(*) FROM subscriptions), 2 * (SELECT count(*) FROM transfers),
                   (SELECT count(*) FROM slots)""").rsplit(" ", 3)
        facts = machine.describe(site.cluster)
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)
    _write(facts, costs, memory, sizes)
    say("wrote docs/performance-full.md")


def _options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscriptions", type=int, default=10_000_000)
    parser.add_argument("--transfers", type=int, default=15_000_000)
    parser.add_argument("--slots", type=int, default=2_000_000)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _past(site, options, say):
    site.cluster.stop()
    site.cluster.start(**LOADING)
    site.cluster.psql("postgres", "-c", "CREATE DATABASE \"full\" TEMPLATE bench")
    say(f"loading a past of {options.subscriptions:,} subscriptions")
    subprocess.run(
        [ROOT / "sql" / "history.sh", site.cluster.url("full"), str(options.subscriptions), str(options.transfers),
         str(options.slots)], check=True, stdout=subprocess.DEVNULL)
    say("loaded")
    site.cluster.stop()
    site.cluster.start()


def _rounds(site, servers, many, options, say):
    costs = {name: [] for name in servers}
    for number in range(options.rounds):
        for name, server in servers.items():
            run = load.wrk(server.address, "post.lua", [many, f"round-{number}", str(number)], 256, options.seconds,
                           load.Meter(site.cluster, server.pid))
            costs[name].append(run)
            say(f"round {number + 1}, {name}: {run.rate:,.0f}/s, server {run.server_cpu:.0f} µs, "
                f"PostgreSQL {run.postgres_cpu:.0f} µs")
    return costs


def _memory(site, server, many, orders, say):
    """Megabytes of the server after each tenth of a million orders, through one server."""
    count = "SELECT count(*) FROM orders"
    seen = []
    while (done := int(site.cluster.psql("bench", "-c", count))) < orders:
        seen.append((done, server.resident_megabytes()))
        say(f"{done:,} orders: {seen[-1][1]:.0f} MB")
        load.wrk(server.address, "post.lua", [many, f"memory-{done}", str(done)], 256, 15)
    seen.append((done, server.resident_megabytes()))
    say(f"{done:,} orders: {seen[-1][1]:.0f} MB")
    return seen


def _write(facts, costs, memory, sizes):
    def median(name, field):
        return statistics.median(getattr(run, field) for run in costs[name])

    def total(name):
        return statistics.median(run.server_cpu + run.postgres_cpu for run in costs[name])

    rows = [(label, f"{median(name, 'rate'):,.0f}", f"{median(name, 'server_cpu'):.0f}",
             f"{median(name, 'postgres_cpu'):.0f}", f"{median(name, 'wal'):,.0f}")
            for label, name in (("as good as empty", "bench"), ("full", "full"))]
    size, subscriptions, postings, slots = sizes
    text = f"""# Performance: full tables, and memory

Written by `python -m bench.full` in `Benchmarks`; do not edit by hand. See [performance](performance.md).

{chr(10).join(f"- {name}: {what}" for name, what in facts.items())}

## A purchase in full tables

{int(subscriptions):,} subscriptions, {int(postings):,} postings, {int(slots):,} slots ({size}), against a database of the
same customers without a past. Purchases of 10,000 customers over 256 connections; the runs of both follow each other.

{page.table(("tables", "purchases/s", "server µs", "PostgreSQL µs", "WAL bytes"), rows)}

CPU per purchase, full / empty: **{total('full') / total('bench'):.2f}** (target ≤ 1.2).

## Memory over a million orders

One server, `tollgate serve`, from {memory[0][0]:,} to {memory[-1][0]:,} orders.

{page.table(("orders", "resident MB"), [(f"{orders:,}", f"{megabytes:.0f}") for orders, megabytes in memory])}
"""
    (ROOT.parent / "docs" / "performance-full.md").write_text(text)


if __name__ == "__main__":
    main()
