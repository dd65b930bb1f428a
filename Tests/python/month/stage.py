"""Luna's sandbox as the story finds it: its clock, its operator, and its books."""

import pathlib
import re
import zoneinfo

from almanac import DAY, HOUR, instant, moment, next_31_january, rfc3339
from audit import Audit, decimal
from books import Books
from cast import Acting, luna_customers, luna_plans
from desk import Desk
from expecting import comes_to, same
from installation import Clock


class Stage:
    """Moves the sandbox from one moment to the next, and does what an operator does there."""

    tenant = "luna-sandbox"

    def __init__(self, house, catalogue, folder, report):
        self.house, self.catalogue, self.folder, self.report = house, catalogue, folder, report
        self.zone = zoneinfo.ZoneInfo("Europe/Moscow")
        for gateway, ports in [("luna-ams", 40), ("luna-ber", 2), ("luna-vie", 40), ("sol-nyc", 9)]:
            comes_to(f"ports of {gateway} on the shelf", ports, lambda: house.ready_ports(gateway))
        self.clock = Clock(house, self.tenant)
        self.plans, self.customers = luna_plans(), luna_customers(house)
        self.books = Books(self.zone, 48 * HOUR, 5000_00, [it.name for it in self.customers])
        self.audit = Audit(house, self.tenant, self.clock, self.books, self.customers)
        self.coupons_told, self.keys_forgotten, self.orders_expired = 0, 0, 0
        self.act = Acting(self.clock, self.books, self.audit)
        self.desk = Desk(self)
        self.begin = self.midnight = next_31_january(self.clock.now(), self.zone)
        self.advance("--to", rfc3339(self.midnight))

    def tell(self, text):
        self.report.tell(text)

    def advance(self, *how):
        self.clock.advance(*how)

    def at(self, hours, minutes=0):
        """Goes on to a time of the day that has begun."""
        local = moment(self.midnight, self.zone).replace(hour=hours, minute=minutes)
        self.advance("--to", rfc3339(instant(local)))

    def to_midnight(self):
        self.midnight += DAY
        self.advance("--to", rfc3339(self.midnight))

    def credit(self, customer, amount, reference):
        """Money that has arrived and is reported twice; it is there once."""
        money = f"{decimal(amount)} RUB"
        for _ in range(2):
            self.house.command(
                "customer", "credit", customer, money, "--tenant", self.tenant, "--reference", reference,
                "--reason", "a transfer")
        self.books.credited(customer, amount)
        self.report.came_in(amount)
        self.audit.money(f"after a credit to {customer}")

    def apply_price(self, code, price):
        """Edits one plan's price in the file, as its owner would; whether exactly that was changed, of both twins."""
        text = pathlib.Path(self.catalogue).read_text(encoding="utf-8")
        edited, count = re.subn(rf'(code: {code},.*price: )"\d+ RUB"', rf'\1"{price // 100} RUB"', text)
        same(f"places with the price of {code}", 1, count)
        self.catalogue = str(pathlib.Path(self.folder) / "month.yaml")
        pathlib.Path(self.catalogue).write_text(edited, encoding="utf-8")
        code_, output, errors = self.house.command("apply", self.catalogue)
        same(f"tollgate apply: {output}{errors}", 0, code_)
        self.plans[code].price = price
        return f"plan {code}: price" in output and "0 created, 2 changed, 0 deactivated" in output

    def renew_automatically(self, name):
        self.house.say("subscription", "auto-renew", name, "on", "--tenant", self.tenant)
        it = self.books.subscriptions[name]
        it.tried = it.end - HOUR

    def renewals(self):
        """Runs the job twice: once it does what the books say is due, and then nothing is left to do."""
        since = self.clock.now()
        due = self.books.due(since)
        renewed, failed = self.books.affordable(due)
        former = {it.id: it.end for it in renewed}
        counts = self._run("renewals")
        until = self.clock.now()
        same("what became of renewals", {"due": len(due), "renewed": len(renewed), "failed": len(failed)},
             {name: counts[name] for name in ["due", "renewed", "failed"]})
        for it in renewed:
            self.books.renewed(it.id, self._new_end(it, former[it.id]), (since, until), by="automatic")
        for it in failed:
            self.books.put_off(it, since)
            self.report.failed += 1
        same("what the same run finds again", 0, self._run("renewals")["due"])
        return len(renewed), len(failed)

    def midnight_jobs(self):
        """Each twice. Beside `expiry` a worker does the same, so who ends what is left open."""
        self._run("expiry")
        same("what a second expiry ends", 0, self._run("expiry")["ended"])
        expired = self._run("pending-orders")["expired"]
        self.orders_expired += expired
        same("what a second look at waiting orders ends", 0, expired and self._run("pending-orders")["due"])
        self.coupons_told += self._run("coupons")["told"]
        same("what a second look at coupons tells of", 0, self._run("coupons")["told"])
        self.keys_forgotten += self._run("retention")["keys"]
        same("what a second retention forgets", 0, self._run("retention")["keys"])
        for _ in range(2):
            drift = self._run("reconcile")
            same("what reconcile finds", (0, 0), (drift["drift"], drift["failed"]))

    def _new_end(self, it, former):
        who = next(customer for customer in self.customers if customer.name == it.customer)
        comes_to(f"whether {it.customer}'s {it.plan.code} was extended", True,
                 lambda: who.held().get(it.id, former) > former)
        return who.held()[it.id]

    def _run(self, job):
        run = self.house.say("job", job)
        same(f"the run of {job}", ("done", []), (run["state"], run["problems"]))
        return run["counts"]
