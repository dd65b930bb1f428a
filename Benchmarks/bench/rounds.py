"""The rounds: every variant once per round, side by side in time, so that a slow minute hits them all."""

import dataclasses
import statistics

from . import load

MANY, HOT = {"first": 0, "last": 9_999}, {"first": 10_000, "last": 10_000}


@dataclasses.dataclass
class Figures:
    """What a variant did in each round."""

    runs: list

    def median(self, name="rate"):
        return statistics.median(getattr(run, name) for run in self.runs)

    def range(self, name="rate"):
        values = [getattr(run, name) for run in self.runs]
        return min(values), max(values)


def best_clients(site, seconds, say):
    """The client count at which each baseline is fastest; it is measured at that one."""
    best = {}
    for kind, buyers in (("many", MANY), ("hot", HOT)):
        for script in ("transaction", "call"):
            rates = {
                clients: load.pgbench(
                    site.cluster, "bare", f"purchase-{script}.sql", clients, seconds, buyers).rate
                for clients in (1, 2, 4, 8, 16)
            }
            best[f"{kind} {script}"] = max(rates, key=rates.get)
            say(f"{kind} {script}: " + ", ".join(f"{c} clients {r:,.0f}/s" for c, r in rates.items()))
    return best


class Rounds:
    def __init__(self, site, server, plain, many, hot, reader, best, seconds, say):
        self.site, self.server, self.plain, self.best = site, server, plain, best
        self.many, self.hot, self.reader = many, hot, reader
        self.seconds, self.say = seconds, say
        self.figures = {}
        self.number = 0

    def run(self):
        self.number += 1
        for kind, file, buyers in (("many", self.many, MANY), ("hot", self.hot, HOT)):
            self._keep(f"{kind} transaction", self._baseline(kind, "transaction", buyers))
            self._keep(f"{kind} call", self._baseline(kind, "call", buyers))
            self._keep(f"{kind} 256", self._purchases(file, 256))
        self._keep("many 64", self._purchases(self.many, 64))
        self._keep("many 1", self._purchases(self.many, 1))
        self._keep("call 1", load.pgbench(
            self.site.cluster, "bare", "purchase-call.sql", 1, self.seconds, MANY,
            log=self.site.folder / "call-1"))
        path, key = self.reader
        self._keep("plain text", load.wrk(
            self.plain.address, "get.lua", ["-"], 64, self.seconds, self._meter(self.plain)))
        self._keep("plans", self._reads(f"{path}?op=plans", key))
        self._keep("subscriptions", self._reads(f"{path}?op=subscriptions", key))

    def _keep(self, name, run):
        self.figures.setdefault(name, Figures([])).runs.append(run)
        self.say(f"round {self.number}, {name}: {run.rate:,.0f}/s"
                 + (f", p50 {run.p50 / 1000:.2f} ms" if run.p50 else ""))

    def _meter(self, server=None):
        return load.Meter(self.site.cluster, server.pid if server else None)

    def _baseline(self, kind, script, buyers):
        return load.pgbench(
            self.site.cluster, "bare", f"purchase-{script}.sql", self.best[f"{kind} {script}"], self.seconds, buyers,
            self._meter())

    def _purchases(self, file, connections):
        run = f"{self.number}-{file.stem}-{connections}"
        return load.wrk(
            self.server.address, "post.lua", [file, run, str(self.number * 1_000 + connections)], connections,
            self.seconds, self._meter(self.server))

    def _reads(self, path, key):
        return load.wrk(
            self.server.address + path, "get.lua", [key], 64, self.seconds, self._meter(self.server))
