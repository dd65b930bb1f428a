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
from .site import RELEASE, ROOT, Site


def main():
    options = _options()
    started = time.monotonic()

    def say(text):
        print(f"{time.monotonic() - started:5.0f} s  {text}", flush=True)

    folder = pathlib.Path(tempfile.mkdtemp(prefix="tollgate-bench-"))
    # Slots for every purchase that can be made, at a rate that nobody reaches.
    each, hot = _slots(options)
    site = Site(folder, each, hot)
    try:
        say(f"making a database with {each * 50 + hot:,} slots")
        site.build()
        say("looking for the baselines' best client counts")
        best = rounds.best_clients(site, max(1, options.seconds // 3), say)
        server, plain = site.serve(), site.plain_text(options.port)
        many, hot_file = site.buyers(server)
        reader = site.warm(server, many)
        measured = rounds.Rounds(site, server, plain, many, hot_file, reader, best, options.seconds, say)
        for _ in range(options.rounds):
            measured.run()
        memory = server.resident_megabytes()
        server.stop()
        plain.stop()
        engine = _engine_alone(options.rounds)
        say(f"the engine alone: {engine:,.0f} commands/s")
        verdicts = {name: site.verify(name) for name in ("bench", "bare")}
        notes = [f"`tollgate verify` afterwards: {verdicts['bench']}; of the baselines' database: {verdicts['bare']}.",
                 f"The server's memory at the end: {memory:.0f} MB."]
        found = targets.targets(measured.figures, engine=engine)
        facts = machine.describe(site.cluster)
    finally:
        site.cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)

    for target in found:
        print(" | ".join(target.row))
    if options.write:
        docs = ROOT.parent / "docs"
        picture.draw(docs / "performance.svg", measured.figures)
        command = f"{options.rounds} rounds of {options.seconds} s each"
        page.write(docs / "performance.md", facts, measured.figures, best, found, notes, command)
        say(f"wrote {docs / 'performance.md'}")


def _options():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=6, help="of each run")
    parser.add_argument("--port", type=int, default=18080, help="where the plain-text server listens")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and its picture")
    return parser.parse_args()


def _slots(options):
    most = 12_000 * options.seconds * options.rounds
    return (3 * most + 60_000) // 50, int(1.2 * most) + 60_000


def _engine_alone(times):
    runs = [int(subprocess.run([RELEASE / "engine-alone"], text=True, capture_output=True, check=True).stdout)
            for _ in range(times)]
    return statistics.median(runs)


if __name__ == "__main__":
    sys.exit(main())
