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
    def __init__(self, folder, slots_each, hot_slots):
        self.folder = pathlib.Path(folder)
        self.slots_each, self.hot_slots = slots_each, hot_slots
        self.cluster = Cluster(folder)

    def build(self, baselines=True):
        self.cluster.make()
        self.cluster.start()
        self.cluster.psql("postgres", "-c", "CREATE DATABASE bench")
        self._tollgate("bench", "migrate")
        file = self.folder / "bench.yaml"
        catalogue.write(file, self.slots_each, self.hot_slots)
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
        wanted = self.slots_each * catalogue.TENANTS + self.hot_slots
        log = open(self.folder / "work.log", "wb")
        worker = subprocess.Popen(
            [RELEASE / "tollgate", "work"], env=os.environ | self.environment("bench"), stdout=log, stderr=log)
        try:
            while int(self.cluster.psql("bench", "-c", "SELECT count(*) FROM slots WHERE state = 'ready'")) < wanted:
                if worker.poll() is not None:
                    raise SystemExit(f"bench: the worker ended, see {self.folder}/work.log")
                time.sleep(2)
        finally:
            worker.terminate()
            worker.wait(60)

    def serve(self, database="bench", port=0, **more):
        return Server([RELEASE / "tollgate", "serve", "--port", port], self.environment(database) | more,
                      self.folder / f"serve-{database}.log")

    def plain_text(self, port):
        return Server([RELEASE / "plain-text", str(port)], {}, self.folder / "plain-text.log")

    def buyers(self, server):
        """Files of buyers for post.lua: ten thousand but one, and the hot one."""
        lines = []
        for tenant in range(catalogue.TENANTS):
            plan = self._plan(server, catalogue.slug(tenant), catalogue.key(tenant, 0))
            path = f"/t/{catalogue.slug(tenant)}/gate/api/proxy"
            lines += [
                f"{path}\t{catalogue.key(tenant, customer)}\t{plan}" for customer in range(catalogue.CUSTOMERS)
                if (tenant, customer) != READER
            ]
        many, hot = self.folder / "many.tsv", self.folder / "hot.tsv"
        many.write_text("\n".join(lines) + "\n")
        hot.write_text(f"/t/hot/gate/api/proxy\t{catalogue.key(None, 0)}\t"
                       f"{self._plan(server, 'hot', catalogue.key(None, 0))}\n")
        return many, hot

    def _plan(self, server, slug, key):
        plans = json.loads(server.get(f"/t/{slug}/gate/api/proxy?op=plans", key))["plans"]
        return next(plan["id"] for plan in plans if plan["durationMs"] == 30 * 86_400_000)

    def warm(self, server, many):
        """Every key known, every statement planned, the reader's twenty subscriptions there."""
        load.wrk(server.address, "login.lua", [many], 64, 5)
        load.wrk(server.address, "post.lua", [many, "warm", "7"], 64, 3)
        path = f"/t/{catalogue.slug(READER[0])}/gate/api/proxy"
        key = catalogue.key(*READER)
        plan = self._plan(server, catalogue.slug(READER[0]), key)
        server.post(path, key, {"op": "purchase", "planId": plan, "quantity": 20})
        return path, key
