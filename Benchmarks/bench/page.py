"""docs/performance.md: what was measured, on what, how it stands to the targets.

The page is drawn from `Benchmarks/figures.json`, in which each part of the benchmark leaves what it has measured: who
measures one part leaves the others as they are.
"""

import datetime
import json
import pathlib
import statistics

TEMPLATE = pathlib.Path(__file__).with_name("page.md")
FIGURES = pathlib.Path(__file__).resolve().parent.parent / "figures.json"

ROWS = {
    "core": [
        ("Purchases, 10,000 customers of 50 tenants", [
            ("transaction, {many transaction} clients", "many transaction"),
            ("PL/pgSQL call, {many call} clients", "many call"),
            ("**Tollgate**, 256 connections", "many 256"), ("Tollgate, 64 connections", "many 64"),
            ("Tollgate, 1 connection", "many 1"), ("PL/pgSQL call, 1 client", "call 1")]),
        ("Purchases, one customer", [
            ("transaction, {hot transaction} clients", "hot transaction"),
            ("PL/pgSQL call, {hot call} clients", "hot call"),
            ("**Tollgate**, 256 connections", "hot 256")]),
        ("Reads, 64 connections", [
            ("Hummingbird, plain text", "plain text"), ("Tollgate, `op=plans`", "plans"),
            ("Tollgate, `op=subscriptions`, 20 rows", "subscriptions")]),
    ],
    "opproxy": [("OP-Proxy, 64 connections", [
        ("Hummingbird, plain text", "plain text"), ("`GET /services?limit=50` of 60, three ports each", "services"),
        ("`GET /services/{id}/proxies`, three gateways", "proxies"),
        ("the gate's `op=purchase`, one port", "many 64"), ("`POST /purchase`, three ports", "wide 64")])],
    "accounting": [("Limits and the request log, the gate's purchases over 64 connections", [
        ("neither", "neither"), ("limits", "limits"), ("request log", "log"), ("both", "both")])],
    "jobs": [
        ("Jobs over due subscriptions", [
            ("renewals, one transaction each, 1 client", "renewals one by one"),
            ("**`tollgate job renewals`**", "renewals"),
            ("expiry, one transaction each, 1 client", "expiry one by one"),
            ("**`tollgate job expiry`**", "expiry")]),
        ("The gate's purchases over 64 connections, beside a job", [
            ("alone", "beside no renewals"), ("while renewals run", "beside renewals"),
            ("alone, again", "beside no expiry"), ("while expiry runs", "beside expiry")])],
    "exports": [("Orders exported to a file, rows", [
        ("psql `\\copy` as csv", "psql copy"), ("**`tollgate export orders`** as csv", "export csv"),
        ("as jsonl", "export jsonl")])],
}
NAMES = {"core": "core", "opproxy": "OP-Proxy", "accounting": "limits and request log", "jobs": "jobs",
         "exports": "exports"}


def write(path, machine, command, measured):
    """Puts what was measured into the figures, and draws the page from all of them."""
    said = json.loads(FIGURES.read_text())
    stamp = {"day": datetime.datetime.now(datetime.timezone.utc).date().isoformat(), "rounds": command} | machine
    for name, part in measured.items():
        said[name] = stamp | part
    FIGURES.write_text(json.dumps(said, indent=1) + "\n")
    draw(path, said)


def draw(path, said):
    parts = {name: said[name] for name in NAMES if name in said}
    targets = [row for part in parts.values() for row in part.get("targets", [])]
    text = TEMPLATE.read_text()
    for name, what in {
        "parts": _parts(parts),
        "targets": table(("", "measured", "target", ""), targets),
        "rows": "\n\n".join(_part(part) for part in parts.values()),
    }.items():
        text = text.replace("{{" + name + "}}", what)
    path.write_text(text)


def _parts(parts):
    """What each part was measured on: once where all were measured on the same."""
    facts = ("machine", "PostgreSQL", "Swift")
    lines = []
    for fact in facts:
        values = {part[fact] for part in parts.values()}
        if len(values) == 1:
            lines.append(f"- {fact}: {values.pop()}")
        else:
            lines += [f"- {fact}, {NAMES[name]}: {part[fact]}" for name, part in parts.items()]
    rows = [(NAMES[name], part["day"], part["commit"], part["rounds"]) for name, part in parts.items()]
    return "\n".join(lines) + "\n\n" + table(("part", "measured on", "commit", "how"), rows)


def _part(part):
    text = "\n\n".join(
        f"### {title}\n\n" + table(
            ("", "per second", "range", "p50 ms", "p99 ms", "server µs", "PostgreSQL µs", "WAL bytes"), rows)
        for title, rows in part["tables"])
    if "ratios" in part:
        text += "\n\n" + table(("ratio of rates", "median", "in each round"), part["ratios"])
    return text + "\n\n" + "\n".join(f"- {note}" for note in part["notes"])


def ratio(text, values):
    return text, f"{statistics.median(values):.3f}", ", ".join(f"{value:.3f}" for value in values)


def queries(name, rows):
    """What pg_stat_statements counted for one read."""
    around = ("BEGIN", "COMMIT", "SELECT set_config")
    own = [times for times, query in rows if not query.startswith(around)]
    others = ", ".join(query.split("(")[0] for _, query in rows if query.startswith(around))
    return (f"`{name}`: {sum(own):g} quer{'y' if sum(own) == 1 else 'ies'} for each read, beside {others}, all sent at "
            "once (`pg_stat_statements`).")


def tables(part, figures, best):
    return [(title, [_row(label, figures[name], best) for label, name in rows if name in figures])
            for title, rows in ROWS[part]]


def _row(label, run, best):
    low, high = run.range()
    for kind, clients in best.items():
        label = label.replace("{" + kind + "}", str(clients))
    return (label, f"{run.median():,.0f}", f"{low:,.0f} to {high:,.0f}", _milliseconds(run, "p50"),
            _milliseconds(run, "p99"), _whole(run, "server_cpu"), _whole(run, "postgres_cpu"), _whole(run, "wal"))


def _milliseconds(figures, name):
    return "" if any(getattr(run, name) is None for run in figures.runs) else f"{figures.median(name) / 1000:.2f}"


def _whole(figures, name):
    return "" if any(not getattr(run, name) for run in figures.runs) else f"{figures.median(name):,.0f}"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
