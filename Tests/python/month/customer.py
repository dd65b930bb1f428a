"""Somebody with a test key, who speaks one dialect as its vendor wrote it down."""

import json
import urllib.error
import urllib.request

from almanac import milliseconds


class Customer:
    """What they are told is compared with the books by whoever asks."""

    def __init__(self, house, tenant, name, key):
        self.house, self.tenant, self.name, self.key = house, tenant, name, key

    def ask(self, path, headers, body=None, method=None, once=None):
        """The status, the JSON and the headers; `once` is an idempotency key."""
        request = urllib.request.Request(
            f"{self.house.address}/t/{self.tenant}/{path}", headers=dict(headers), method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if once:
            request.add_header("Idempotency-Key", once)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read()), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read()), error.headers


class GateCustomer(Customer):
    dialect = "gate"

    def look(self, query):
        return self.ask(f"gate/api/proxy?{query}", {"x-api-key": self.key})

    def do(self, op, once=None, **fields):
        return self.ask("gate/api/proxy", {"x-api-key": self.key}, {"op": op, **fields}, once=once)

    def held(self):
        """Each live subscription with its end in ms."""
        _, answer, _ = self.look("op=subscriptions")
        return {it["subscriptionId"]: it["activeUntil"] for it in answer.get("subscriptions", [])}

    def offers(self):
        """Each plan's id by network and price, which is how a customer of this dialect tells them apart."""
        _, answer, _ = self.look("op=plans")
        return {(it["network"]["name"], it["priceAmountCents"]): it["id"] for it in answer.get("plans", [])}


class OPProxyCustomer(Customer):
    dialect = "opproxy"

    def look(self, path):
        return self.ask(f"opproxy/api/v1/{path}", {"Authorization": f"Bearer {self.key}"})

    def do(self, path, body=None, once=None):
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.ask(f"opproxy/api/v1/{path}", headers, body, method="POST", once=once)

    def held(self):
        """Each active service with its end in ms."""
        return {name: end for name, (status, end) in self.services().items() if status == "active"}

    def services(self):
        _, answer, _ = self.look("services?status=all&limit=100")
        found = answer.get("data", {}).get("services", [])
        return {it["service_id"]: (it["status"], milliseconds(it["expires_at"])) for it in found}

    def balance(self):
        _, answer, _ = self.look("account")
        return answer.get("data", {}).get("balance")
