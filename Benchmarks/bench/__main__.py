"""`make bench`: see docs/performance.md. Needs a release build; `scripts/bench` makes one and calls this."""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from . import machine, page, picture, rounds, targets
from .accounting import Accounting
from .exports import Exports
from .jobs import Jobs
from .opproxy import OPProxy
from .site import RELEASE, ROOT, Site

PARTS = ("core", "opproxy", "accounting", "jobs", "exports")
# What runs no server of its own all the time.
ALONE = {"jobs", "exports"}


def main():
    options = _options()
    started = time.monotonic()

    def say(text):
        print(f"{time.monotonic() - started:5.0f} s  {text}", flush=True)

    folder = pathlib.Path(tempfile.mkdtemp(prefix="tollgate-bench-"))
    # Slots for every purchase that can be made, at a rate that nobody reaches.
    site = Site(folder, *_slots(options))
    try:
        say(f"making a database with {site.slots:,} slots")
        site.build(baselines="core" in options.only)
        measured = _measure(site, options, say)
        facts = machine.describe(site.cluster)
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)

    for part in measured.values():
        for row in part.get("targets", []) + part.get("ratios", []):
            print(" | ".join(row))
        print("\n".join(part["notes"]))
    if options.write:
        docs = ROOT.parent / "docs"
        if "core" in measured:
            picture.draw(docs / "performance.svg", measured["core"].pop("picture"))
        page.write(docs / "performance.md", facts, f"{options.rounds} rounds of {options.seconds} s each", measured)
        say(f"wrote {docs / 'performance.md'}")


def _measure(site, options, say):
    """The parts that were asked for, each round of them one after the other; what the page says of each."""
    best = {}
    if "core" in options.only:
        say("looking for the baselines' best client counts")
        best = rounds.best_clients(site, max(1, options.seconds // 3), say)
    # A database is copied while nobody is connected to it.
    parts = {"jobs": Jobs(site, options.seconds, say, options.due)} if "jobs" in options.only else {}
    if "exports" in options.only:
        parts["exports"] = Exports(site, options.seconds, say, options.orders)
    if set(options.only) - ALONE:
        server, plain = site.serve(), site.plain_text(options.port)
        buyers = site.buyers(server)
        reader = site.warm(server, buyers[0])
        made = {
            "core": lambda: rounds.Core(site, options.seconds, say, server, plain, buyers, reader, best),
            "opproxy": lambda: OPProxy(site, options.seconds, say, server, plain, buyers[0]),
            "accounting": lambda: Accounting(site, options.seconds, say, server, buyers[0]),
        }
        parts = {name: made[name]() for name in options.only if name in made} | parts
    say("measuring")
    for _ in range(options.rounds):
        for part in parts.values():
            part.run()
    say("measured")
    memory = server.resident_megabytes() if set(options.only) - ALONE else 0
    counted = parts["opproxy"].queries() if "opproxy" in parts else {}
    site.stop_servers()
    said = {name: {"tables": page.tables(name, part.figures, best), "notes": []} for name, part in parts.items()}
    verdict = f"`tollgate verify` afterwards: {site.verify('bench')}"
    for name, part in parts.items():
        said[name]["notes"] = part.notes() if name in ALONE else [verdict + "."]
        if name != "core":
            said[name]["ratios"] = [page.ratio(text, values) for text, values in part.ratio_rows()]
    if "core" in parts:
        said["core"] |= _core(site, parts["core"], options, verdict, memory, say)
    if "opproxy" in parts:
        said["opproxy"]["notes"] += [page.queries(name, rows) for name, rows in counted.items()]
    if "accounting" in parts:
        said["accounting"]["targets"] = [t.row for t in targets.accounting(parts["accounting"])]
    if "jobs" in parts:
        said["jobs"]["targets"] = [t.row for t in targets.jobs(parts["jobs"])]
    if "exports" in parts:
        said["exports"]["targets"] = [t.row for t in targets.exports(parts["exports"])]
    return said


def _core(site, part, options, verdict, memory, say):
    engine = _engine_alone(options.rounds)
    say(f"the engine alone: {engine:,.0f} commands/s")
    return {
        "targets": [target.row for target in targets.targets(part.figures, engine=engine)],
        "notes": [f"{verdict}; of the baselines' database: {site.verify('bare')}.",
                  f"The server's memory at the end: {memory:.0f} MB."],
        "picture": part.figures,
    }


def _options():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=6, help="of each run")
    parser.add_argument("--port", type=int, default=18080, help="where the plain-text server listens")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, with commas between them: {', '.join(PARTS)}")
    parser.add_argument("--due", type=int, default=100_000, help="how many subscriptions the jobs have to do with")
    parser.add_argument("--orders", type=int, default=1_000_000, help="how many orders are exported")
    parser.add_argument("--write", action="store_true",
                        help="write docs/performance.md and its picture; what was not measured keeps its figures")
    options = parser.parse_args()
    options.only = [name for name in PARTS if name in options.only.split(",")]
    if not options.only:
        parser.error(f"--only names none of {', '.join(PARTS)}")
    return options


def _slots(options):
    """For each tenant, for the hot one, and for each network of each tenant who sells three."""
    seconds = options.seconds * options.rounds
    core, wide, accounting, jobs, _ = (name in options.only for name in PARTS)
    if options.only == ["exports"]:
        return 1, 1, 0
    purchases = seconds * (12_000 * 3 * core + 6_000 * wide + 6_000 * 4 * accounting) + 60_000
    # Every round of the jobs begins with a copy in which nothing was bought but what is due.
    purchases += jobs * (options.due + 8_000 * (2 * options.seconds + 2))
    hot = int(1.2 * 12_000 * seconds) + 60_000 if core else 1_000
    return purchases // 50, hot, (2_500 * seconds + 20_000) // 50 if wide else 0


def _engine_alone(times):
    runs = [int(subprocess.run([RELEASE / "engine-alone"], text=True, capture_output=True, check=True).stdout)
            for _ in range(times)]
    return statistics.median(runs)


if __name__ == "__main__":
    sys.exit(main())
