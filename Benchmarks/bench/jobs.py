"""The jobs: renewals and expiry of what is due, against one transaction for each from one client."""

import concurrent.futures
import datetime
import json
import os
import subprocess
import time

from . import catalogue, load
from .rounds import Rounds
from .site import RELEASE, ROOT

DAY = datetime.timedelta(days=1)
# The earlier tenth of what is due is due two days before the others, so that a run can be over it alone.
EARLIER = 2 * DAY
BUYERS = 8


class Jobs(Rounds):
    """Each round works on copies of one database, in which nothing is done yet."""

    def __init__(self, site, seconds, say, due):
        super().__init__(site, seconds, say)
        self.wanted, self.peaks = due, {}
        self._prepare()

    def _prepare(self):
        cluster = self.site.cluster
        cluster.psql("postgres", "-c", "CREATE DATABASE jobs TEMPLATE bench STRATEGY file_copy")
        server = self.site.serve("jobs")
        self.say(f"buying {self.wanted:,} subscriptions")
        self._buy(server)
        self.buyers, _ = self.site.buyers(server)
        server.stop()
        self.site.servers.remove(server)
        early = max(1, catalogue.TENANTS // 10)
        shifted = f"tenant_id IN (SELECT id FROM tenants WHERE slug < '{catalogue.slug(early)}' AND slug LIKE 'many-%')"
        shift = f"interval '{EARLIER.days} days'"
        cluster.psql("jobs", text=f"""
            UPDATE terms SET starts_at = starts_at - {shift}, ends_at = ends_at - {shift} WHERE {shifted};
            UPDATE allocations SET expires_at = expires_at - {shift} WHERE {shifted};
            UPDATE subscriptions SET started_at = started_at - {shift}, active_until = active_until - {shift} WHERE {shifted};
            UPDATE subscriptions SET renews_at = active_until - interval '1 hour';
            VACUUM ANALYZE""")
        self.due, end, grace = cluster.psql("jobs", "-F", "|", "-c", """
            SELECT count(*), to_char(max(active_until) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                   (SELECT max(grace_ms) FROM tenants) FROM subscriptions""").split("|")
        self.due = int(self.due)
        self.end = datetime.datetime.fromisoformat(end.replace("Z", "+00:00")) + datetime.timedelta(seconds=1)
        self.grace = datetime.timedelta(milliseconds=int(grace))
        cluster.psql("postgres", "-c", "CREATE DATABASE plain TEMPLATE jobs STRATEGY file_copy")
        cluster.psql("plain", "-f", ROOT / "sql" / "jobs" / "due.sql")
        cluster.psql("plain", "-c", "VACUUM ANALYZE")

    def _buy(self, server):
        """So many for each customer of each tenant, through the door."""
        each = max(1, self.wanted // (catalogue.TENANTS * catalogue.CUSTOMERS))
        customers = max(1, self.wanted // each // catalogue.TENANTS)

        def of(tenant):
            slug = catalogue.slug(tenant)
            plan = self.site._plan(server, slug, catalogue.key(tenant, 0))
            for customer in range(customers):
                server.post(f"/t/{slug}/gate/api/proxy", f"x-api-key: {catalogue.key(tenant, customer)}",
                            {"op": "purchase", "planId": plan, "quantity": each})

        with concurrent.futures.ThreadPoolExecutor(BUYERS) as pool:
            list(pool.map(of, range(catalogue.TENANTS)))

    def round(self):
        self._alone()
        self._one_by_one()
        self._beside("renewals", self.end - datetime.timedelta(minutes=30))
        self._beside("expiry", self.end + self.grace)

    def _alone(self):
        """The earlier tenth first: what the job needs for it must do for all the others."""
        with self._copy("jobs", "alone"):
            month = 30 * DAY
            for name, moment in (("renewals", self.end - datetime.timedelta(minutes=30)),
                                 ("expiry", self.end + month + self.grace)):
                _, small = self._job("alone", name, moment - EARLIER)
                run, whole = self._job("alone", name, moment)
                self.keep(name, run)
                self.peaks.setdefault(name, []).append((small, whole))
                self.say(f"{name}: peak {small:.0f} MB over {self.due // 10:,}, {whole:.0f} MB over {run.done:,}")
            self.verdict = self.site.verify("alone")

    def _one_by_one(self):
        with self._copy("plain", "single"):
            for name in ("renewals", "expiry"):
                self.keep(f"{name} one by one", load.pgbench(
                    self.site.cluster, "single", f"jobs/{name}-transaction.sql", 1, self.seconds, {"n": 0}, self.meter()))

    def _beside(self, name, moment):
        """Purchases over 64 connections alone, then while the job runs in a process of its own."""
        with self._copy("jobs", "busy"):
            server = self.site.serve("busy", name=f"busy-{name}-{self.number}")
            load.wrk(server.address, "login.lua", [self.buyers], 64, 3)
            load.wrk(server.address, "post.lua", [self.buyers, f"warm-{name}", "7"], 64, 2)
            self.keep(f"beside no {name}", self.purchases(server, self.buyers, 64, f"{name}-"))
            running = self._start("busy", name, moment)
            self._under_way("busy", name, running)
            # The job must still be at it when they end.
            seconds = max(1, min(self.seconds, self.due // 25_000))
            self.keep(f"beside {name}", load.wrk(
                server.address, "post.lua", [self.buyers, f"{name}-beside", "9"], 64, seconds, self.meter(server)))
            if os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                self.say(f"{name} was over before the purchases beside it: give it more that is due")
            self._ended(running)
            server.stop()
            self.site.servers.remove(server)

    def _start(self, database, name, moment):
        out = open(self.site.folder / f"job-{name}.json", "wb")
        return subprocess.Popen(
            [RELEASE / "tollgate", "job", name, "--json", "--now", moment.strftime("%Y-%m-%dT%H:%M:%SZ")],
            env=os.environ | self.site.environment(database), stdout=out)

    def _under_way(self, database, name, process):
        """Returns once the run has written down that it began; a job that ends before that is told apart by its caller."""
        began = f"SELECT count(*) FROM job_runs WHERE job = '{name}'"
        while self.site.cluster.psql(database, "-c", began).strip() == "0":
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return
            time.sleep(0.02)

    def _ended(self, process):
        """What the run recorded, and what it used."""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said = json.loads((self.site.folder / f"job-{process.args[2]}.json").read_text() or "{}")
        if process.returncode != 0 or said.get("problems"):
            raise SystemExit(f"bench: a job failed: {said}")
        return said, usage

    def _job(self, database, name, moment):
        """One run by itself; the run, and its peak in megabytes."""
        meter = self.meter()
        said, usage = self._ended(self._start(database, name, moment))
        done = said["counts"]["renewed" if name == "renewals" else "ended"]
        took = (_moment(said["ended_at"]) - _moment(said["started_at"])).total_seconds()
        _, postgres, wal = meter.per(max(1, done))
        own = 1e6 * (usage.ru_utime + usage.ru_stime) / max(1, done)
        return (load.Run(done / took, done, server_cpu=own, postgres_cpu=postgres, wal=wal), usage.ru_maxrss / 1024)

    def _copy(self, template, name):
        return _Copy(self.site.cluster, template, name)

    def memory(self, name):
        """The peak over the whole to the peak over a tenth, in each round."""
        return [whole / small for small, whole in self.peaks[name]]

    def ratio_rows(self):
        rows = []
        for name in ("renewals", "expiry"):
            rows += [(f"{name} / one transaction each, one client", self.ratios(name, f"{name} one by one")),
                     (f"purchases beside {name} / without", self.ratios(f"beside {name}", f"beside no {name}")),
                     (f"peak memory of {name}, the whole / a tenth", self.memory(name))]
        return rows

    def notes(self):
        peaks = "; ".join(f"{name} {max(s for s, _ in seen):.0f} MB over {self.due // 10:,} and "
                          f"{max(w for _, w in seen):.0f} MB over the others" for name, seen in self.peaks.items())
        return [f"{self.due:,} due subscriptions; peak memory of a job's process: {peaks}.",
                f"`tollgate verify` after renewals and expiry: {self.verdict}."]


class _Copy:
    """A database of its own for a while."""

    def __init__(self, cluster, template, name):
        self.cluster, self.template, self.name = cluster, template, name

    def __enter__(self):
        self.cluster.psql("postgres", "-c", f"CREATE DATABASE {self.name} TEMPLATE {self.template} STRATEGY file_copy")

    def __exit__(self, *_):
        self.cluster.psql("postgres", "-c", f"DROP DATABASE {self.name} WITH (FORCE)")


def _moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
