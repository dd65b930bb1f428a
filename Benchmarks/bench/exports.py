"""Exports: the orders of a year as CSV, against psql's `\\copy` of the same columns to a file."""

import csv
import os
import subprocess
import time

from . import catalogue, load
from .rounds import Rounds
from .site import RELEASE, ROOT

TENANT = catalogue.slug(0)
# Moments, for the tenant is in a zone of its own.
START = "2026-01-01T00:00:00Z"
YEAR, TENTH = (START, "2027-01-01T00:00:00Z"), (START, "2026-02-06T12:00:00Z")


class Exports(Rounds):
    """Each round exports a tenth of the orders, then all of them; both programs write to the same disk."""

    def __init__(self, site, seconds, say, orders):
        super().__init__(site, seconds, say)
        self.orders, self.peaks = orders, []
        cluster = site.cluster
        cluster.psql("postgres", "-c", "CREATE DATABASE exports TEMPLATE bench STRATEGY file_copy")
        say(f"writing {orders:,} orders of {TENANT}")
        cluster.psql("exports", "-v", f"orders={orders}", "-v", f"tenant={TENANT}", "-f", ROOT / "sql" / "exports.sql")
        cluster.psql("exports", "-c", "VACUUM ANALYZE")

    def round(self):
        _, small = self._export("csv", *TENTH)
        self.keep("psql copy", self._copy())
        run, whole = self._export("csv", *YEAR)
        self.keep("export csv", run)
        self.peaks.append((small, whole))
        self.keep("export jsonl", self._export("jsonl", *YEAR)[0])
        self.say(f"peak {small:.0f} MB over a tenth, {whole:.0f} MB over all")
        if self.number == 1:
            self._compare()

    def _export(self, form, begin, end):
        file = self.site.folder / f"export.{form}"
        command = [RELEASE / "tollgate", "export", "orders", "--tenant", TENANT, "--from", begin, "--to", end,
                   "--format", form, "--out", file]
        usage, took, meter = self._timed(command, self.site.environment("exports"))
        rows = sum(1 for _ in open(file, "rb")) - (form == "csv")
        _, postgres, _ = meter.per(rows)
        own = 1e6 * (usage.ru_utime + usage.ru_stime) / rows
        return load.Run(rows / took, rows, server_cpu=own, postgres_cpu=postgres), usage.ru_maxrss / 1024

    def _copy(self):
        cluster = self.site.cluster
        command = [cluster.bin / "psql", cluster.url("exports"), "-qX", "-v", "ON_ERROR_STOP=1",
                   "-f", ROOT / "sql" / "exports" / "copy.sql"]
        usage, took, meter = self._timed(command, {})
        _, postgres, _ = meter.per(self.orders)
        return load.Run(self.orders / took, self.orders, server_cpu=1e6 * (usage.ru_utime + usage.ru_stime) / self.orders,
                        postgres_cpu=postgres)

    def _timed(self, command, environment):
        meter = self.meter()
        started = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], env=os.environ | environment,
                                   cwd=self.site.folder, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"bench: an export failed: {command}")
        return usage, time.monotonic() - started, meter

    def _compare(self):
        """Both files say the same, in whole minor units."""
        with open(self.site.folder / "export.csv", newline="") as ours, open(self.site.folder / "psql.csv", newline="") as theirs:
            for one, other in zip(csv.DictReader(ours), csv.DictReader(theirs), strict=True):
                for name, value in other.items():
                    if name != "placed_at" and one[name] != value:
                        raise SystemExit(f"bench: {name} of {one['order_id']} is {one[name]}, psql has {value}")

    def memory(self):
        """The peak over all to the peak over a tenth, in each round."""
        return [whole / small for small, whole in self.peaks]

    def ratio_rows(self):
        return [("orders as csv / psql `\\copy`", self.ratios("export csv", "psql copy")),
                ("orders as jsonl / psql `\\copy` of csv", self.ratios("export jsonl", "psql copy")),
                ("peak memory of an export, all / a tenth", self.memory())]

    def notes(self):
        small, whole = (max(peak[place] for peak in self.peaks) for place in (0, 1))
        return [f"{self.orders:,} orders, every twentieth given back; peak memory of `tollgate export`: {small:.0f} MB over "
                f"a tenth, {whole:.0f} MB over all. Both files say the same, cell by cell."]
