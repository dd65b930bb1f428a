"""Somebody who buys through the gate's door, each order under a key of its own, and remembers every answer."""

import json
import sys
import urllib.request

KEY = "rk_load000000000000000000000000000000000000"


class Shop:
    def __init__(self, installation):
        self.orders = []  # (Idempotency-Key, what was answered), in turn
        plans = ask(installation, "?op=plans")["plans"]
        # The cheapest has thirty thousand ports.
        self.plan = min(plans, key=lambda plan: plan["priceAmountCents"])["id"]
        self.installation = installation

    def buy(self, count):
        for _ in range(count):
            key = f"drill-{len(self.orders)}"
            self.orders.append((key, self.order(self.installation, key)))

    def order(self, installation, key):
        return ask(installation, "", {"op": "purchase", "planId": self.plan}, key)

    def found_at(self, installation):
        """How many of the orders there are; any that nobody was told of is an error."""
        listed = {one["subscriptionId"] for one in ask(installation, "?op=subscriptions")["subscriptions"]}
        told = [answer["subscriptionId"] for _, answer in self.orders]
        unknown = listed - set(told)
        # One order may have been committed and not yet told where the server was killed; here none was under way.
        if unknown:
            sys.exit(f"restore drill: {len(unknown)} orders that were never answered")
        found = [one in listed for one in told]
        if found != sorted(found, reverse=True):
            sys.exit("restore drill: an order is missing before one that is there")
        return sum(found)

    def replayed_at(self, installation, count):
        """Repeats the orders under their keys: each answers as before, and nothing is bought twice."""
        before = balance(installation)
        for key, answer in self.orders[:count]:
            if self.order(installation, key) != answer:
                sys.exit(f"restore drill: the key {key} answers differently")
        if balance(installation) != before:
            sys.exit("restore drill: a repeated order moved money")
        return count

    def credentials_at(self, installation, count):
        """Passwords come out of the backup as they went in: the installation's key opens them."""
        listed = {one["subscriptionId"]: one for one in ask(installation, "?op=subscriptions")["subscriptions"]}
        for _, answer in self.orders[:count]:
            if listed[answer["subscriptionId"]]["credentials"] != answer["subscription"]["credentials"]:
                sys.exit("restore drill: credentials differ")
        return count

    def sold_on_at(self, installation):
        """Orders under new keys, to ports that nobody else has."""
        taken = {port(answer) for _, answer in self.orders[: self.found_at(installation)]}
        fresh = [self.order(installation, f"after-restore-{number}") for number in range(3)]
        if taken & {port(answer) for answer in fresh}:
            sys.exit("restore drill: a port was sold twice")
        return len(fresh)


def port(answer):
    return answer["subscription"]["protocols"]["http"].rsplit(":", 1)[1]


def balance(installation):
    return json.loads(installation.run("customer", "show", "load@example.com", "--tenant", "acme", "--json"))["customer"]["balance"]


def ask(installation, query, body=None, key=None):
    headers = {"x-api-key": KEY, "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    request = urllib.request.Request(
        f"{installation.address}/t/acme/gate/api/proxy{query}", json.dumps(body).encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
