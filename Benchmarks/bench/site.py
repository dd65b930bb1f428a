"""What is measured: one cluster, a stocked database, a copy of it for the baselines, and the server."""

import json
import os
import pathlib
import subprocess
import time

from . import catalogue, load
from .cluster import Cluster
from .server import Server

ROOT = pathlib.Path(__file__).resolve().parent.parent
RELEASE = ROOT / ".build" / "release"
# Seals what the benchmark sells; nobody else ever sees it.
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
# Reads its twenty subscriptions and buys nothing more.
READER = (catalogue.TENANTS - 1, catalogue.CUSTOMERS - 1)


class Site:
    def __init__(self, folder, slots_each, hot_slots, wide_slots=0):
        self.folder = pathlib.Path(folder)
        self.slots_each, self.hot_slots, self.wide_slots = slots_each, hot_slots, wide_slots
        self.cluster = Cluster(folder)
        self.servers = []

    @property
    def slots(self):
        wide = self.wide_slots * len(catalogue.COUNTRIES)
        return (self.slots_each + wide) * catalogue.TENANTS + self.hot_slots

    def build(self, baselines=True):
        self.cluster.make()
        self.cluster.start()
        self.cluster.psql("postgres", "-c", "CREATE DATABASE bench")
        self._tollgate("bench", "migrate")
        file = self.folder / "bench.yaml"
        catalogue.write(file, self.slots_each, self.hot_slots, self.wide_slots)
        self._tollgate("bench", "apply", file)
        self._stock()
        self.cluster.psql("bench", "-c", "VACUUM ANALYZE")
        if not baselines:
            return
        self.cluster.psql("postgres", "-c", "CREATE DATABASE bare TEMPLATE bench")
        self.cluster.psql("bare", "-f", ROOT / "sql" / "baseline.sql")
        self.cluster.psql("bare", "-c", "VACUUM ANALYZE")

    def environment(self, database):
        return {"TOLLGATE_DATABASE_URL": self.cluster.url(database), "TOLLGATE_DATA": str(self.folder / "data"),
                "TOLLGATE_INSTALLATION_KEY": KEY}

    def _tollgate(self, database, *arguments):
        done = subprocess.run(
            [RELEASE / "tollgate", *map(str, arguments)], env=os.environ | self.environment(database), text=True,
            capture_output=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: tollgate {arguments[0]}: {done.stderr}")
        return done.stdout

    def verify(self, database):
        return self._tollgate(database, "verify").strip().splitlines()[-1]

    def _stock(self):
        """The worker makes the slots, as it does for an operator."""
        log = open(self.folder / "work.log", "wb")
        worker = subprocess.Popen(
            [RELEASE / "tollgate", "work"], env=os.environ | self.environment("bench"), stdout=log, stderr=log)
        try:
            while int(self.cluster.psql("bench", "-c", "SELECT count(*) FROM slots WHERE state = 'ready'")) < self.slots:
                if worker.poll() is not None:
                    raise SystemExit(f"bench: the worker ended, see {self.folder}/work.log")
                time.sleep(2)
        finally:
            worker.terminate()
            worker.wait(60)

    def serve(self, database="bench", port=0, name=None, **more):
        """`name` is the log's; `more` goes into the server's environment."""
        return self._started([RELEASE / "tollgate", "serve", "--port", port], self.environment(database) | more,
                             f"serve-{name or database}.log")

    def plain_text(self, port):
        return self._started([RELEASE / "plain-text", str(port)], {}, "plain-text.log")

    def _started(self, arguments, environment, log):
        self.servers.append(Server(arguments, environment, self.folder / log))
        return self.servers[-1]

    def stop_servers(self):
        for server in self.servers:
            server.stop()
        self.servers = []

    def stop(self):
        self.stop_servers()
        self.cluster.stop()

    def buyers(self, server, kind="free"):
        """Files of buyers for post.lua: ten thousand but one, and the hot one."""
        lines = []
        for tenant in range(catalogue.TENANTS):
            slug = catalogue.slug(tenant)
            plan = self._plan(server, slug, catalogue.key(tenant, 0))
            lines += [_gate_buyer(slug, catalogue.key(tenant, customer, kind), plan)
                      for customer in range(catalogue.CUSTOMERS) if (tenant, customer) != READER]
        many, hot = self.folder / f"many-{kind}.tsv", self.folder / "hot.tsv"
        many.write_text("\n".join(lines) + "\n")
        key = catalogue.key(None, 0)
        hot.write_text(_gate_buyer("hot", key, self._plan(server, "hot", key)) + "\n")
        return many, hot

    def _plan(self, server, slug, key):
        plans = json.loads(server.get(f"/t/{slug}/gate/api/proxy?op=plans", f"x-api-key: {key}"))["plans"]
        return next(plan["id"] for plan in plans if plan["durationMs"] == 30 * 86_400_000)

    def warm(self, server, many):
        """Every key known, every statement planned, the reader's twenty subscriptions there."""
        load.wrk(server.address, "login.lua", [many], 64, 5)
        load.wrk(server.address, "post.lua", [many, "warm", "7"], 64, 3)
        path = f"/t/{catalogue.slug(READER[0])}/gate/api/proxy"
        key = catalogue.key(*READER)
        plan = self._plan(server, catalogue.slug(READER[0]), key)
        header = f"x-api-key: {key}"
        server.post(path, header, {"op": "purchase", "planId": plan, "quantity": 20})
        return path, header

    def wide_buyers(self, server):
        """A file of buyers of services with three ports, ten thousand but one."""
        lines = []
        for tenant in range(catalogue.TENANTS):
            body = json.dumps(self.wide_order(server, tenant), separators=(",", ":"))
            path = wide_path(tenant)
            lines += [f"{path}/purchase\t{wide_header(tenant, customer)}\t{body}\t{path}/account"
                      for customer in range(catalogue.CUSTOMERS) if (tenant, customer) != READER]
        file = self.folder / "wide.tsv"
        file.write_text("\n".join(lines) + "\n")
        return file

    def wide_order(self, server, tenant):
        plans = json.loads(server.get(f"{wide_path(tenant)}/catalog/plans", wide_header(tenant, 0)))
        return {"type": "ipv6_rotating", "plan_id": plans["data"]["plans"][0]["plan_id"]}


def wide_path(tenant):
    return f"/t/{catalogue.wide_slug(tenant)}/opproxy/api/v1"


def wide_header(tenant, customer):
    return f"authorization: Bearer {catalogue.wide_key(tenant, customer)}"


def _gate_buyer(slug, key, plan):
    path = f"/t/{slug}/gate/api/proxy"
    body = json.dumps({"op": "purchase", "planId": plan}, separators=(",", ":"))
    return f"{path}\tx-api-key: {key}\t{body}\t{path}?op=plans"
