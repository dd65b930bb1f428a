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
    """A part of the benchmark: what it runs in a round, and what came of it."""

    def __init__(self, site, seconds, say):
        self.site, self.seconds, self.say = site, seconds, say
        self.figures = {}
        self.number = 0

    def run(self):
        self.number += 1
        self.round()

    def keep(self, name, run):
        self.figures.setdefault(name, Figures([])).runs.append(run)
        self.say(f"round {self.number}, {name}: {run.rate:,.0f}/s"
                 + (f", p50 {run.p50 / 1000:.2f} ms" if run.p50 else ""))

    def ratios(self, name, other):
        """One variant's rate in each round to the other's in the same round."""
        return [run.rate / base.rate for run, base in zip(self.figures[name].runs, self.figures[other].runs)]

    def meter(self, server=None):
        return load.Meter(self.site.cluster, server.pid if server else None)

    def purchases(self, server, file, connections, name=""):
        run = f"{name}{self.number}-{file.stem}-{connections}"
        return load.wrk(
            server.address, "post.lua", [file, run, str(self.number * 1_000 + connections)], connections,
            self.seconds, self.meter(server))

    def reads(self, server, path, header):
        return load.wrk(server.address + path, "get.lua", [header], 64, self.seconds, self.meter(server))


class Core(Rounds):
    """The first dialect's purchases and reads, and the same rows written without Tollgate."""

    def __init__(self, site, seconds, say, server, plain, buyers, reader, best):
        super().__init__(site, seconds, say)
        self.server, self.plain, self.best, self.reader = server, plain, best, reader
        self.many, self.hot = buyers

    def round(self):
        for kind, file, buyers in (("many", self.many, MANY), ("hot", self.hot, HOT)):
            self.keep(f"{kind} transaction", self._baseline(kind, "transaction", buyers))
            self.keep(f"{kind} call", self._baseline(kind, "call", buyers))
            self.keep(f"{kind} 256", self.purchases(self.server, file, 256))
        self.keep("many 64", self.purchases(self.server, self.many, 64))
        self.keep("many 1", self.purchases(self.server, self.many, 1))
        self.keep("call 1", load.pgbench(
            self.site.cluster, "bare", "purchase-call.sql", 1, self.seconds, MANY,
            log=self.site.folder / "call-1"))
        path, header = self.reader
        self.keep("plain text", self.reads(self.plain, "", "-"))
        self.keep("plans", self.reads(self.server, f"{path}?op=plans", header))
        self.keep("subscriptions", self.reads(self.server, f"{path}?op=subscriptions", header))

    def _baseline(self, kind, script, buyers):
        return load.pgbench(
            self.site.cluster, "bare", f"purchase-{script}.sql", self.best[f"{kind} {script}"], self.seconds, buyers,
            self.meter())
