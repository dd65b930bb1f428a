"""What a person reads of the month, and what a machine does."""

import json

from expecting import same


def rub(amount):
    return f"{amount // 100:,}.{amount % 100:02}".replace(",", " ")


class Report:
    """Lines as days pass, unless only JSON was asked for; figures at the end, which have to add up."""

    def __init__(self, quiet):
        self.quiet, self.day, self.lines = quiet, "", []
        self.failed, self.credited, self.midnights, self.invariants, self.changes = 0, 0, 0, 0, []

    def begin(self, day):
        self.day, self.changes = day, []

    def tell(self, text):
        self.changes.append(text)

    def came_in(self, amount):
        self.credited += amount

    def end(self, renewed, failed, ended):
        """One line for the day that is over."""
        self.midnights += 1
        counts = [(renewed, "renewed"), (failed, "not renewed for want of money"), (ended, "ended")]
        by_itself = ", ".join(f"{count} {what}" for count, what in counts if count)
        text = "; ".join(filter(None, [*self.changes, by_itself])) or "nothing happens"
        self.lines.append({"day": self.day, "told": self.changes, "renewed": renewed, "failed": failed, "ended": ended})
        self.say(f"{self.day}  {text}")

    def say(self, text=""):
        if not self.quiet:
            print(text, flush=True)

    def summary(self, books, other):
        kinds = {}
        for order in books.orders:
            count, amount = kinds.get(order.kind, (0, 0))
            kinds[order.kind] = (count + 1, amount + order.total)
        charged = sum(it.charged for it in books.wallets.values())
        same("the sum of all orders", charged, sum(amount for _, amount in kinds.values()))
        same("the sum of all refunds", sum(it.refunded for it in books.wallets.values()), sum(it.refunded for it in books.orders))
        same("the sum of all credits", self.credited, sum(it.credited for it in books.wallets.values()))
        if self.quiet:
            print(json.dumps(self._document(books, kinds, other), indent=2))
        else:
            self._page(books, kinds, charged, other)

    def _page(self, books, kinds, charged, other):
        self.say(f"\n{'orders':20}{'count':>8}{'RUB':>14}")
        for kind, (count, amount) in sorted(kinds.items()):
            self.say(f"{kind:20}{count:>8}{rub(amount):>14}")
        self.say(f"{'all':20}{sum(it[0] for it in kinds.values()):>8}{rub(charged):>14}")
        self.say(f"\n{'customer':12}{'had':>12}{'paid in':>12}{'charged':>12}{'refunded':>12}{'has':>12}")
        rows = [*sorted(books.wallets.items()), ("all", total(books))]
        for name, it in rows:
            row = [it.opening, it.credited, it.charged, it.refunded, it.balance]
            self.say(f"{name:12}" + "".join(f"{rub(amount):>12}" for amount in row))
        self.say(f"\nwholesale, paid to the platform: {rub(books.wholesale)} RUB")
        self.say(f"automatic renewals that failed: {self.failed}")
        self.say(f"{other}")
        self.say(f"{self.invariants} invariants held at each of {self.midnights} midnights; "
                 "books and answers agreed; no live tenant's row changed")

    def _document(self, books, kinds, other):
        return {
            "days": self.lines, "midnights": self.midnights, "invariants": self.invariants,
            "orders": {kind: {"count": count, "minor": amount} for kind, (count, amount) in sorted(kinds.items())},
            "customers": {
                name: {"opening": it.opening, "credited": it.credited, "charged": it.charged, "refunded": it.refunded,
                       "balance": it.balance} for name, it in sorted(books.wallets.items())},
            "wholesale": books.wholesale, "failed_renewals": self.failed, "other_sandbox": other,
        }


def total(books):
    """All wallets as one."""
    whole = type(next(iter(books.wallets.values())))(0)
    for it in books.wallets.values():
        whole.opening += it.opening
        whole.credited += it.credited
        whole.charged += it.charged
        whole.refunded += it.refunded
    return whole
