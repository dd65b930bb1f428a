"""The OP-Proxy dialect: services of three networks, a gateway on each."""

import json

from . import load
from .rounds import Rounds
from .site import READER, wide_header, wide_path

SERVICES = 60


class OPProxy(Rounds):
    def __init__(self, site, seconds, say, server, plain, many):
        super().__init__(site, seconds, say)
        self.server, self.plain, self.many = server, plain, many
        self.wide = site.wide_buyers(server)
        self.path, self.header = wide_path(READER[0]), wide_header(*READER)
        load.wrk(server.address, "login.lua", [self.wide], 64, 5)
        load.wrk(server.address, "post.lua", [self.wide, "warm", "7"], 64, 3)
        order = site.wide_order(server, READER[0])
        for _ in range(SERVICES):
            bought = server.post(f"{self.path}/purchase", self.header, order)
        self.paths = {"services": f"{self.path}/services?limit=50",
                      "proxies": f"{self.path}/services/{bought['data']['service_id']}/proxies"}
        self._check()

    def _check(self):
        """That what is timed is what is meant."""
        page = json.loads(self.server.get(self.paths["services"], self.header))["data"]["services"]
        lines = self.server.get(self.paths["proxies"], self.header).decode().splitlines()
        if len(page) != 50 or len(lines) != 3:
            raise SystemExit(f"bench: {len(page)} services and {len(lines)} lines, where 50 and 3 were wanted")

    def round(self):
        self.keep("plain text", self.reads(self.plain, "", "-"))
        for name, path in self.paths.items():
            self.keep(name, self.reads(self.server, path, self.header))
        self.keep("many 64", self.purchases(self.server, self.many, 64, "beside-"))
        self.keep("wide 64", self.purchases(self.server, self.wide, 64))

    def ratio_rows(self):
        return [("`GET /services?limit=50` of 60 / plain text", self.ratios("services", "plain text")),
                ("`GET /services/{id}/proxies`, 3 gateways / plain text", self.ratios("proxies", "plain text")),
                ("`POST /purchase` of 3 ports / the gate's of one", self.ratios("wide 64", "many 64"))]

    def queries(self):
        """How many statements a read takes, by what PostgreSQL counts while a new server answers some."""
        self.site.cluster.psql("postgres", "-c", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        self.site.cluster.psql("postgres", "-c", "ALTER DATABASE bench SET pg_stat_statements.track = 'top'")
        server = self.site.serve(name="counted")
        try:
            return {name: self._counted(server, path) for name, path in self.paths.items()}
        finally:
            server.stop()

    def _counted(self, server, path, times=100):
        """Every statement that ran for each of so many reads, with how often for one of them."""
        server.get(path, self.header)
        self.site.cluster.psql("postgres", "-c", "SELECT pg_stat_statements_reset()")
        for _ in range(times):
            server.get(path, self.header)
        rows = self.site.cluster.psql("postgres", "-F", "\t", "-c", f"""
            SELECT calls, regexp_replace(left(query, 60), '\\s+', ' ', 'g') FROM pg_stat_statements
            JOIN pg_database d ON d.oid = dbid
            WHERE datname = 'bench' AND calls >= {times} ORDER BY query""").splitlines()
        return [(int(calls) / times, query) for calls, query in (row.split("\t") for row in rows)]
