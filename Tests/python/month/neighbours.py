"""Who must notice nothing of luna's month: live customers, and another reseller's sandbox with a clock of its own."""

import zoneinfo

from almanac import HOUR
from audit import Audit, LiveRows
from books import Books
from cast import Acting, sol_plans
from customer import GateCustomer
from expecting import comes_to, same
from installation import Clock


class Live:
    """Ann's real account: a week that was bought today, and that no other clock may end or renew."""

    def __init__(self, house):
        self.ann = GateCustomer(house, "luna", "ann", "rk_ann0000000000000000000000000000000000000")
        comes_to("whether the live tenant sells", True, lambda: ("NL-AMS", 400_00) in self.ann.offers())
        status, answer, _ = self.ann.do("purchase", planId=self.ann.offers()[("NL-AMS", 400_00)])
        same(f"ann buys a real week: {answer}", 200, status)
        self.held = self.ann.held()
        # A worker stocks its shelves, and the request log is written a moment late.
        self.rows = LiveRows(house)
        comes_to("whether the live rows have come to rest", True, self.rows.at_rest)

    def unchanged(self, when):
        self.rows.unchanged(when)

    def holds(self):
        """Asked once, at the end: a question is a row of the request log."""
        same("what ann really has after the month", self.held, self.ann.held())


class Sol:
    """Sue's day in another sandbox: renewed once when its clock comes near the end, ended when it jumps a week."""

    tenant = "sol-sandbox"

    def __init__(self, house):
        self.house, self.clock, plans = house, Clock(house, self.tenant), sol_plans()
        self.sue = GateCustomer(house, "sol", "sue", "rk_test_sue00000000000000000000000000000000000000")
        self.books = Books(zoneinfo.ZoneInfo("America/New_York"), 24 * HOUR, 100_00, ["sue"])
        self.audit = Audit(house, self.tenant, self.clock, self.books, [self.sue])
        comes_to("ports of sol-nyc on the shelf", 10, lambda: house.ready_ports("sol-nyc"))
        self.day = Acting(self.clock, self.books, self.audit).buys(self.sue, plans["day"], 1_00, once="sue-day")[0]

    def near_the_end(self):
        it = self.books.subscriptions[self.day]
        self.clock.advance("--by", "1410m")
        since, end = self.clock.now(), it.end
        same("renewals of sue's day", {"due": 1, "renewed": 1}, self._run(["due", "renewed"]))
        self.books.renewed(self.day, end + it.plan.length, (since, self.clock.now()), by="automatic")
        same("renewals of sue's day, run again", {"due": 0, "renewed": 0}, self._run(["due", "renewed"]))

    def a_week_at_once(self):
        """Nothing is charged for time that was not served, however late the job comes."""
        self.clock.advance("--by", "7d")
        same("renewals of sue's day, a week late", {"renewed": 0, "failed": 0}, self._run(["renewed", "failed"]))
        self.house.say("job", "expiry", "--tenant", self.tenant)

    def _run(self, names):
        counts = self.house.say("job", "renewals", "--tenant", self.tenant)["counts"]
        return {name: counts[name] for name in names}
