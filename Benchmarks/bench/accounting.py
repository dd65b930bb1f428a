"""What it costs a purchase to be counted against a limit and written into its account's request log."""

from . import load
from .rounds import Rounds


class Accounting(Rounds):
    def __init__(self, site, seconds, say, server, many):
        super().__init__(site, seconds, say)
        counted, _ = site.buyers(server, "counted")
        self.silent = site.serve(name="silent", TOLLGATE_REQUEST_LOG_WRITTEN="false")
        self.variants = [
            ("neither", self.silent, many), ("limits", self.silent, counted), ("log", server, many),
            ("both", server, counted),
        ]
        for name, process, file in self.variants:
            load.wrk(process.address, "login.lua", [file], 64, 3)
            load.wrk(process.address, "post.lua", [file, f"warm-{name}", "7"], 64, 2)

    def round(self):
        # Begins with another one each time: what runs later finds fuller tables.
        first = self.number % len(self.variants)
        for name, process, file in self.variants[first:] + self.variants[:first]:
            self.keep(name, self.purchases(process, file, 64, f"{name}-"))

    def ratio_rows(self):
        return [("limits and request log / neither", self.ratios("both", "neither")),
                ("limits alone / neither", self.ratios("limits", "neither")),
                ("request log alone / neither", self.ratios("log", "neither"))]
