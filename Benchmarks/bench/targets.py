"""The bar: ratios within one run, each with what it has to reach."""

import dataclasses
import statistics


@dataclasses.dataclass
class Target:
    text: str
    value: float
    bound: float
    at_least: bool = True
    unit: str = "×"
    # The runs differ by more than what is asked.
    undecided: bool = False

    @property
    def reached(self):
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def row(self):
        digits = 1 if self.unit == "µs" else 2
        if self.value >= 10_000:
            value, bound = f"{self.value:,.0f}", f"{self.bound:,.0f}"
        else:
            value, bound = f"{self.value:.{digits}f}", f"{self.bound:g}"
        verdict = "**undecided**" if self.undecided else "reached" if self.reached else "**missed**"
        return self.text, f"{value} {self.unit}", f"{'≥' if self.at_least else '≤'} {bound}", verdict


def targets(figures, engine=None, full=None, memory=None):
    def rate(name):
        return figures[name].median()

    def ratio(name, other):
        return rate(name) / rate(other)

    many = figures["many 256"]
    found = [
        Target("purchases, many customers, 256 connections / the transaction",
               ratio("many 256", "many transaction"), 5),
        Target("purchases, many customers, 256 connections / the PL/pgSQL call", ratio("many 256", "many call"), 3),
        Target("purchases, hot customer, 256 connections / the transaction", ratio("hot 256", "hot transaction"), 8),
        Target("purchases, hot customer, 256 connections / the PL/pgSQL call", ratio("hot 256", "hot call"), 4),
        Target("one connection, median latency / the call's",
               figures["many 1"].median("p50") / figures["call 1"].median("p50"), 1.1, False),
        Target("64 connections, p99 / p50", figures["many 64"].median("p99") / figures["many 64"].median("p50"), 3,
               False),
        Target("CPU per purchase, server (many, 256)", many.median("server_cpu"), 90, False, "µs"),
        Target("CPU per purchase, PostgreSQL (many, 256)", many.median("postgres_cpu"), 90, False, "µs"),
        Target("`op=plans` / plain text", ratio("plans", "plain text"), 0.6),
        Target("`op=subscriptions`, 20 rows / plain text", ratio("subscriptions", "plain text"), 0.3),
    ]
    if engine:
        found.append(Target("the engine alone, one core", engine, 1_000_000, unit="commands/s"))
    if full:
        found.append(Target("CPU per purchase, full tables / empty ones", full, 1.2, False))
    if memory:
        found.append(Target("the server's memory after a million orders / after a tenth of them", memory, 1.1, False))
    return found


def jobs(part):
    """The medians over the rounds of each round's ratios."""
    found = []
    for name in ("renewals", "expiry"):
        found += [
            Target(f"{name} of due subscriptions / one transaction each, one client",
                   statistics.median(part.ratios(name, f"{name} one by one")), 10),
            Target(f"purchases beside {name} / without, 64 connections",
                   statistics.median(part.ratios(f"beside {name}", f"beside no {name}")), 0.7),
            Target(f"peak memory of {name}, the whole / a tenth", statistics.median(part.memory(name)), 1.1, False),
        ]
    return found


def exports(part):
    """The medians over the rounds of each round's ratios."""
    return [
        Target("a million orders as csv / psql `\\copy` of the same columns",
               statistics.median(part.ratios("export csv", "psql copy")), 0.5),
        Target("peak memory of an export, all / a tenth", statistics.median(part.memory()), 1.1, False),
    ]


def accounting(part):
    """The median over the rounds of each round's ratio; what is asked is a tenth, so runs have to agree within one."""
    ratios = [ratio for name in ("both", "limits", "log") for ratio in part.ratios(name, "neither")]
    return [Target("purchases with limits and request log / without, 64 connections",
                   statistics.median(part.ratios("both", "neither")), 0.9,
                   undecided=max(ratios) - min(ratios) > 0.1)]
