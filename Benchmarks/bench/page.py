"""docs/performance.md: what was measured, on what, how it stands to the targets."""

import pathlib

TEMPLATE = pathlib.Path(__file__).with_name("page.md")

ROWS = [
    ("Purchases, 10,000 customers of 50 tenants", [
        ("transaction, {many transaction} clients", "many transaction"), ("PL/pgSQL call, {many call} clients", "many call"),
        ("**Tollgate**, 256 connections", "many 256"), ("Tollgate, 64 connections", "many 64"),
        ("Tollgate, 1 connection", "many 1"), ("PL/pgSQL call, 1 client", "call 1")]),
    ("Purchases, one customer", [
        ("transaction, {hot transaction} clients", "hot transaction"), ("PL/pgSQL call, {hot call} clients", "hot call"),
        ("**Tollgate**, 256 connections", "hot 256")]),
    ("Reads, 64 connections", [
        ("Hummingbird, plain text", "plain text"), ("Tollgate, `op=plans`", "plans"),
        ("Tollgate, `op=subscriptions`, 20 rows", "subscriptions")]),
]


def write(path, machine, figures, best, targets, notes, command):
    text = TEMPLATE.read_text()
    for name, part in {
        "machine": "\n".join(f"- {name}: {what}" for name, what in machine.items()),
        "targets": table(("", "measured", "target", ""), [target.row for target in targets]),
        "rows": _rows(figures, best),
        "notes": "\n".join(f"- {note}" for note in notes),
        "command": command,
    }.items():
        text = text.replace("{{" + name + "}}", part)
    path.write_text(text)


def _rows(figures, best):
    parts = []
    for title, rows in ROWS:
        lines = []
        for label, name in rows:
            if name not in figures:
                continue
            run = figures[name]
            low, high = run.range()
            for kind, clients in best.items():
                label = label.replace("{" + kind + "}", str(clients))
            lines.append((
                label, f"{run.median():,.0f}", f"{low:,.0f} to {high:,.0f}", _milliseconds(run, "p50"),
                _milliseconds(run, "p99"), _whole(run, "server_cpu"), _whole(run, "postgres_cpu"), _whole(run, "wal")))
        parts.append(f"### {title}\n\n" + table(
            ("", "per second", "range", "p50 ms", "p99 ms", "server µs", "PostgreSQL µs", "WAL bytes"), lines))
    return "\n\n".join(parts)


def _milliseconds(figures, name):
    return "" if any(getattr(run, name) is None for run in figures.runs) else f"{figures.median(name) / 1000:.2f}"


def _whole(figures, name):
    return "" if any(not getattr(run, name) for run in figures.runs) else f"{figures.median(name):,.0f}"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
