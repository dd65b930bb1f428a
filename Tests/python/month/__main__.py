"""A month in the life of a sandbox: trials, purchases through two dialects, renewals that succeed and that fail, a price
that changes, a coupon that is used up, a gateway that is full, a calendar month, refunds and cancellations, orders that
wait for money.

    python3 Tests/python/month --tollgate .build/debug/tollgate --catalogue fixtures/month.yaml [--json] [--data FOLDER]

It starts `tollgate up` in a folder of its own, speaks to it only as customers (HTTP, test keys) and as an operator (the
command line) do, moves the sandbox's clock through 32 days from a 31 January, and keeps books of its own. At every
midnight the invariants have to hold and every answer has to be what those books say. The first difference ends it with
exit code 1, and says what was expected and what was found.
"""

import argparse
import pathlib
import shutil
import sys
import tempfile

from almanac import moment
from dan import Dan
from expecting import Difference, same
from installation import Installation
from neighbours import Live, Sol
from report import Report
from stage import Stage
from story import Story

DAYS = 32


def main():
    parser = argparse.ArgumentParser(description="Plays a month in a sandbox.")
    parser.add_argument("--tollgate", required=True, help="the program")
    parser.add_argument("--catalogue", required=True, help="fixtures/month.yaml")
    parser.add_argument("--data", help="an empty folder to work in, which is kept (default: one that is removed)")
    parser.add_argument("--json", action="store_true", help="print one document instead of a page")
    options = parser.parse_args()
    folder = options.data or tempfile.mkdtemp(prefix="tollgate-month-")
    # As root PostgreSQL runs as the user postgres, who has to be able to enter.
    pathlib.Path(folder).chmod(0o755)
    house = None
    try:
        house = Installation(options.tollgate, folder, options.catalogue)
        play(house, options, folder)
        house.end()
    except Difference as difference:
        print(f"month: {difference}", file=sys.stderr)
        sys.exit(1)
    finally:
        if house:
            house.give_up()
        if not options.data:
            shutil.rmtree(folder, ignore_errors=True)


def play(house, options, folder):
    report = Report(options.json)
    live, sol = Live(house), Sol(house)
    stage = Stage(house, options.catalogue, folder, report)
    stories = [Story(stage), Dan(stage)]
    report.say(f"A month in {stage.tenant}, from {moment(stage.midnight, stage.zone):%-d %B %Y}, by the clocks of Moscow\n")
    for day in range(DAYS):
        report.begin(f"{moment(stage.midnight, stage.zone):%d %b}")
        try:
            live_through(day, house, stage, stories, sol, live, report)
        except Difference as difference:
            raise Difference(f"{report.day}: {difference}") from None
    live.holds()
    for story in stories:
        story.at_the_end(stage.books)
    balance = sol.books.wallets["sue"].balance
    report.summary(stage.books, f"in {sol.tenant} sue's day was renewed once and ended a week later: {balance / 100:.2f} USD left")


def live_through(day, house, stage, stories, sol, live, report):
    before = len(stage.books.ended(stage.clock.now()))
    stage.at(11, 30)
    renewed, failed = stage.renewals()
    stage.at(12)
    for story in stories:
        story.days.get(day, lambda: None)()
    if day == 16:
        sol.near_the_end()
    if day == 20:
        sol.a_week_at_once()
    stage.to_midnight()
    stage.midnight_jobs()
    verified = house.say("verify")
    same("what verify finds", [], verified["findings"])
    report.invariants = verified["invariants"]
    when = f"at the midnight after {report.day}"
    stage.audit.all(when)
    sol.audit.all(when)
    live.unchanged(when)
    report.end(renewed, failed, len(stage.books.ended(stage.clock.now())) - before)


main()
