"""What makes the load: wrk through HTTP, pgbench past it; each run says what it cost."""

import dataclasses
import json
import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass
class Run:
    """One run of one variant. Rates per second, latencies in microseconds, costs per request or transaction."""

    rate: float
    done: int
    p50: float | None = None
    p99: float | None = None
    server_cpu: float | None = None
    postgres_cpu: float | None = None
    wal: float | None = None


def cpu_seconds(pid, with_children=False):
    """User and system time of a process, and of its children that have ended."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(fields[n]) for n in (11, 12, 13, 14)[: 4 if with_children else 2]) / TICKS


class Meter:
    """CPU of the server and of PostgreSQL, and WAL, between two moments."""

    def __init__(self, cluster, server):
        self.cluster, self.server = cluster, server
        self.start = self._now()

    def _now(self):
        server = cpu_seconds(self.server) if self.server else 0
        wal = self._wal()
        # A session that ends meanwhile is counted in its parent.
        first, *others = self.cluster.pids()
        return server, {first: cpu_seconds(first, True)} | {pid: cpu_seconds(pid) for pid in others}, wal

    def _wal(self):
        return int(self.cluster.psql("postgres", "-c", "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))

    def per(self, count):
        """Microseconds of the server, of PostgreSQL, and bytes of WAL, for each of `count`."""
        server, postgres, wal = self._now()
        before = self.start
        ended = sum(used for pid, used in before[1].items() if pid not in postgres)
        spent = sum(used - before[1].get(pid, 0) for pid, used in postgres.items()) - ended
        return (1e6 * (server - before[0]) / count, 1e6 * spent / count, (wal - before[2]) / count)


def wrk(url, script, arguments, connections, seconds, meter=None):
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", HERE / "lua" / script, url, "--", *arguments],
        text=True, capture_output=True, check=True).stdout
    said = json.loads(re.search(r"RESULT (.*)", out)[1])
    if said["status_errors"] or said["socket_errors"]:
        raise SystemExit(f"bench: {said['status_errors']} refused, {said['socket_errors']} broken: {url} {script}")
    costs = meter.per(said["requests"]) if meter else (None, None, None)
    return Run(said["requests"] / said["microseconds"] * 1e6, said["requests"], said["p50"], said["p99"], *costs)


def pgbench(cluster, database, script, clients, seconds, variables, meter=None, log=None):
    """With `log`, a file name's beginning, every transaction's time is kept and p50 and p99 are known."""
    defines = [a for name, value in variables.items() for a in ("-D", f"{name}={value}")]
    out = subprocess.run(
        [cluster.bin / "pgbench", cluster.url(database), "-n", "-M", "prepared", "-c", str(clients), "-j", "1",
         "-T", str(seconds), "-f", HERE / "sql" / script, *defines,
         *(["-l", f"--log-prefix={log}"] if log else [])],
        text=True, capture_output=True)
    if out.returncode != 0 or "number of failed transactions: 0 " not in out.stdout:
        raise SystemExit(f"bench: pgbench {script}: {out.stderr[-2000:]} {out.stdout[-500:]}")
    done = int(re.search(r"actually processed: (\d+)", out.stdout)[1])
    costs = meter.per(done) if meter else (None, None, None)
    rate = float(re.search(r"tps = ([\d.]+) \(without", out.stdout)[1])
    p50, p99 = _percentiles(log) if log else (None, None)
    return Run(rate, done, p50, p99, *costs)


def _percentiles(prefix):
    times = []
    for file in pathlib.Path(prefix).parent.glob(pathlib.Path(prefix).name + ".*"):
        times += [int(line.split()[2]) for line in file.read_text().splitlines()]
        file.unlink()
    times.sort()
    return times[len(times) // 2], times[len(times) * 99 // 100]
