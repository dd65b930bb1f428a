"""Who lives through the month, and what each of them can do."""

from almanac import DAY, HOUR
from customer import GateCustomer, OPProxyCustomer
from expecting import comes_to, same
from paid import Plan


def luna_plans():
    """As fixtures/month.yaml has them."""
    return {
        "week": Plan("week", "NL-AMS", 400_00, length=7 * DAY, wholesale=250_00, renews=True),
        "month": Plan("month", "NL-AMS", 1200_00, months=1, wholesale=700_00, renews=True),
        "quarter": Plan("quarter", "NL-AMS", 3500_00, length=90 * DAY, wholesale=2000_00),
        "scarce": Plan("scarce", "DE-BER", 300_00, length=10 * DAY),
        "v4": Plan("v4", "AT-VIE", 1500_00, length=10 * DAY),
    }


def sol_plans():
    return {"day": Plan("day", "US-NYC", 1_00, length=DAY, renews=True)}


def luna_customers(house):
    key = "rk_test_{}00000000000000000000000000000000000000"
    gate = [GateCustomer(house, "luna", name, key.format(name)) for name in ["ann", "ben", "dan", "eve"]]
    return gate + [OPProxyCustomer(house, "luna", "cid", "opx_test_c1d00000000000000000000000000001")]


class Acting:
    """What customers do: each act goes into the books, and refused ones must not move any money."""

    def __init__(self, clock, books, audit):
        self.clock, self.books, self.audit = clock, books, audit

    def buys(self, who, plan, paid, once=None, times=1, **more):
        """Buys through gate; `once` is sent twice, and has to be carried out once."""
        fields = {"planId": self.plan_id(who, plan), "repeatCount": times, **more}
        answer, window = self._twice(f"{who.name} buys {plan.code}", once, lambda: who.do("purchase", once=once, **fields))
        sold = answer.get("subscriptions") or [answer["subscription"]]
        same(f"{who.name}'s ids", answer["subscriptionIds"], [it["subscriptionId"] for it in sold])
        ends = [it["activeUntil"] for it in sold]
        self.books.bought(who.name, plan, answer["subscriptionIds"], ends, window, paid, times)
        return answer["subscriptionIds"]

    def renews(self, who, name, once=None):
        plan = self.books.subscriptions[name].plan
        fields = {"subscriptionId": name, "planId": self.plan_id(who, plan)}
        answer, window = self._twice(f"{who.name} renews {plan.code}", once, lambda: who.do("renew", once=once, **fields))
        self.books.renewed(name, answer["endAt"], window)

    def tries(self, who, plan, length=24 * HOUR):
        fields = {"planId": self.plan_id(who, plan)}
        answer, window = self._twice(f"{who.name} tries {plan.code}", None, lambda: who.do("trial", **fields))
        name = answer["subscriptionId"]
        self.books.tried_out(who.name, plan, name, answer["subscription"]["activeUntil"], length, window)
        return name

    def orders_service(self, who, plan, once=None):
        _, plans, _ = who.look("catalog/plans")
        wanted = [it for it in plans["data"]["plans"] if it["price"] * 100 == plan.price]
        same(f"plans at {plan.price} that {who.name} sees", 1, len(wanted))
        body = {"type": wanted[0]["type"], "plan_id": wanted[0]["plan_id"]}
        answer, window = self._twice(
            f"{who.name} buys {plan.code}", once, lambda: who.do("purchase", body, once=once))
        name = answer["data"]["service_id"]
        self.books.bought(who.name, plan, [name], [who.services()[name][1]], window, plan.price)
        return name

    def extends(self, who, name, once=None):
        _, window = self._twice(
            f"{who.name} extends", once, lambda: who.do(f"services/{name}/extend", once=once))
        self.books.renewed(name, who.services()[name][1], window)

    def refused(self, what, answer, status, code):
        """A refusal with its reason, after which every wallet is as it was."""
        found, body, _ = answer
        error = body.get("error")
        same(what, (status, code), (found, error["code"] if isinstance(error, dict) else body.get("code")))
        self.audit.money(f"after {what}")

    def plan_id(self, who, plan):
        key = (plan.network, plan.price)
        comes_to(f"whether {who.name} is offered {plan.code} at {plan.price}", True, lambda: key in who.offers())
        return who.offers()[key]

    def _twice(self, what, once, act):
        """The answer, and the moments between which it was carried out; with a key, asked again, the same answer."""
        since = self.clock.now()
        status, answer, _ = act()
        until = self.clock.now()
        same(f"{what}: {answer}", 200, status)
        if once:
            again, repeated, headers = act()
            same(f"{what}, repeated", (200, answer, "true"), (again, repeated, headers.get("Idempotency-Hit")))
        return answer, (since, until)
