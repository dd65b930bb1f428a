"""The operator's desk: money that goes back, subscriptions that are ended, orders that wait for money."""

from almanac import milliseconds
from audit import decimal, minor
from expecting import between, comes_to, same
from returns import Returns


class Desk:
    """Each command with a key is sent twice and goes into the books once; what is refused moves nothing."""

    def __init__(self, stage):
        self.house, self.tenant, self.clock, self.report = stage.house, stage.tenant, stage.clock, stage.report
        self.books, self.audit, self.returns = stage.books, stage.audit, Returns(stage.books)

    def gives_back(self, name, period, key, part=None):
        """Of the order that paid for a period of a subscription: a part, or all that is left of it."""
        order, amount = self.books.subscriptions[name].terms[period].order, part
        command = ["order", "refund", self.orders(name)[period]]
        answer, window = self._twice(key, *command, *(["--amount", decimal(part)] if part else []))
        if part:
            self.returns.give(order, part)
        else:
            ends = [milliseconds(it["active_until"]) for it in answer["subscriptions"] if it["ended"]]
            for end in ends:
                between(f"the moment of the refund {key}", *window, end)
            amount = self.returns.give_whole(order, ends[0] if ends else window[0])
        taken = [] if part else sorted((it.end, it.over) for it in self.returns.paid_by(order))
        same(f"what {key} gave back", amount, minor(answer["amount"]))
        same(f"what {key} left of the service", taken,
             sorted((milliseconds(it["active_until"]), it["ended"]) for it in answer["subscriptions"]))
        self.audit.money(f"after the refund {key}")

    def cancels(self, name, way, key):
        """Ends a subscription; what goes back of which order is what the books say for the moment at which it was."""
        it, orders = self.books.subscriptions[name], self.orders(name)
        answer, window = self._twice(key, "subscription", "cancel", name, f"--{way}")
        moment, given = milliseconds(answer["active_until"]), []
        if way == "at-end":
            it.tried = None
            same(f"the end that {key} leaves", it.end, moment)
        else:
            between(f"the moment of {key}", *window, moment)
            given = (self.returns.cancel if way == "now" else self.returns.undo)(it, moment)
        ids = {term.order: orders[period] for period, term in reversed(list(enumerate(it.terms)))}
        same(f"what {key} gave back", [[ids[order], amount] for order, amount in given],
             [[back["order"], minor(back["amount"])] for back in answer["refunds"]])
        same(f"the sum of {key}", sum(amount for _, amount in given), minor(answer["refund"]))
        self.audit.money(f"after the cancellation {key}")

    def lets_wait(self, who, plan):
        """An order that waits for its money; no port and no money moves."""
        placed = self._say("order", "pending", "place", who.name, plan.code)
        same(f"what {who.name}'s {plan.code} will cost", plan.price, minor(placed["total"]))
        self.audit.money("after an order was placed")
        return placed["id"]

    def settles(self, who, plan, order, reference):
        """Money has come for an order, and is reported twice: it is bought, once."""
        window, answer = self._money_comes(who, plan.price, order, reference)
        same(f"what became of {reference}", "bought", answer["result"])
        comes_to(f"what {who.name} has bought with {reference}", 1, lambda: len(self._new(who)))
        [(name, end)] = self._new(who)
        self.books.bought(who.name, plan, [name], [end], window, plan.price)
        self.audit.money(f"after the order of {reference}")

    def settles_too_late(self, who, plan, order, reference):
        """The money is there; the order is not."""
        _, answer = self._money_comes(who, plan.price, order, reference)
        same(f"what became of {reference}", ("too late", "expired"), (answer["result"], answer["reason"]))
        self.audit.money(f"after {reference}")

    def refused(self, what, says, *command):
        code, output, errors = self.house.command(*command, "--tenant", self.tenant)
        same(f"{what}: {errors or output}", (1, True), (code, says in errors))
        self.audit.money(f"after {what}")

    def orders(self, name):
        """The orders' ids that paid for a subscription's periods."""
        return [term["order"] for term in self._say("subscription", "show", name)["terms"]]

    def _money_comes(self, who, amount, order, reference):
        command = ["order", "pending", "settle", order, f"{decimal(amount)} RUB", "--reference", reference]
        since = self.clock.now()
        answer = self._say(*command)
        window = (since, self.clock.now())
        self.books.credited(who.name, amount)
        self.report.came_in(amount)
        code, _, errors = self.house.command(*command, "--tenant", self.tenant)
        same(f"{reference} again: {errors}", (1, True), (code, "was posted before" in errors))
        return window, answer

    def _new(self, who):
        """What somebody holds that no book has."""
        return [(name, end) for name, end in who.held().items() if name not in self.books.subscriptions]

    def _twice(self, key, *command):
        """What was answered, both times, and the moments between which it was carried out."""
        since = self.clock.now()
        first = self._say(*command, "--key", key)
        until = self.clock.now()
        again = self._say(*command, "--key", key)
        same(f"{key}, asked again", (first["answer"], False, True), (again["answer"], first["repeated"], again["repeated"]))
        return first["answer"], (since, until)

    def _say(self, *command):
        return self.house.say(*command, "--tenant", self.tenant)
