"""Generates a client out of OP-Proxy's OpenAPI document, installs it, and runs the vendor's example session with it.

    python opproxy_client.py http://127.0.0.1:8080/t/volga/opproxy --key opx_live_... [--keep FOLDER]

The session is the one the vendor's prompt for assistants asks for: balance, plans, the cheapest of them bought, its list
as text. Then what a client has to be able to tell apart: a refusal's code, a safe retry, pages, the log.
"""

import argparse
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request
import uuid


def generated(mount, folder):
    """The client's package, generated and installed below the folder."""
    document = folder / "openapi.json"
    # Formatters would be more programs to find on the PATH.
    config = folder / "config.json"
    config.write_text('{"post_hooks": []}', encoding="utf-8")
    with urllib.request.urlopen(f"{mount}/api/v1/openapi.json") as answer:
        document.write_bytes(answer.read())
    result = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(document), "--output-path",
         str(folder / "client"), "--fail-on-warning", "--meta", "setup", "--config", str(config)], capture_output=True, text=True, timeout=300)
    print(result.stdout.strip() or "generated without a word")
    if result.returncode:
        raise SystemExit(f"the client was not generated:\n{result.stdout}\n{result.stderr}")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target",
                    str(folder / "site"), str(folder / "client")], check=True, timeout=300)
    sys.path.insert(0, str(folder / "site"))
    importlib.invalidate_caches()
    return next(path.name for path in (folder / "site").iterdir() if path.name.endswith("_client") and path.is_dir())


class Session:
    def __init__(self, package, base, key):
        self.package = package
        client = importlib.import_module(package).AuthenticatedClient
        self.client = client(base_url=base, token=key, raise_on_unexpected_status=True)

    def call(self, tag, operation, **arguments):
        """Status, parsed answer and headers of an operation, by its generated function."""
        module = importlib.import_module(f"{self.package}.api.{tag}.{operation}")
        return module.sync_detailed(client=self.client, **arguments)

    def ok(self, tag, operation, **arguments):
        answer = self.call(tag, operation, **arguments)
        assert answer.status_code == 200, f"{operation}: {answer.status_code} {answer.content!r}"
        return answer

    def model(self, name):
        return getattr(importlib.import_module(f"{self.package}.models"), name)


def run(session):
    account = session.ok("account", "get_account").parsed.data
    print(f"balance: {account.balance} {account.currency} of {account.username} <{account.email}>")

    plans = session.ok("catalog", "list_plans").parsed.data.plans
    for plan in plans:
        print(f"plan: {plan.plan_id} {plan.type_} {plan.name}: {plan.price} {plan.currency} for {plan.days} days")
    cheapest = min(plans, key=lambda plan: plan.price)

    request = session.model("PurchaseRequest")(type_=cheapest.type_, plan_id=cheapest.plan_id)
    name = f"session-{uuid.uuid4()}"
    bought = session.ok("services", "purchase", body=request, idempotency_key=name)
    service = bought.parsed.data
    print(f"bought: {service.service_id} {service.type_} until {service.expires_at.isoformat()}, "
          f"{service.country}, {service.rotation}")
    again = session.ok("services", "purchase", body=request, idempotency_key=name)
    assert again.content == bought.content and again.headers["Idempotency-Hit"] == "true", "a retry bought again"
    left = session.ok("account", "get_account").parsed.data.balance
    assert left == account.balance - cheapest.price, f"{account.balance} less {cheapest.price} is not {left}"
    print(f"balance: {left} {account.currency}, and the same after the retry")

    text = session.ok("services", "get_service_proxies", id=service.service_id)
    assert text.headers["Content-Type"].startswith("text/plain"), text.headers
    print("list:", *text.content.decode().splitlines(), sep="\n  ")
    for line in text.content.decode().splitlines():
        host, port, login, password = line.split(":")
        assert (login, password) == (service.auth.login, service.auth.password) and int(port) > 0, line

    extended = session.ok("services", "extend_service", id=service.service_id).parsed.data
    assert (extended.expires_at - service.expires_at).days == cheapest.days
    whitelist = session.model("WhitelistRequest")(whitelisted_ips=["203.0.113.10", "198.51.100.4"], labels=["home", "office"])
    listed = session.ok("services", "replace_service_whitelist", id=service.service_id, body=whitelist).parsed.data
    assert listed.whitelist == ["203.0.113.10", "198.51.100.4"] and listed.whitelist_labels == ["home", "office"]

    names, cursor = [], None
    while True:
        page = session.ok("services", "list_services", limit=1, **({"cursor": cursor} if cursor else {})).parsed.data
        names += [one.service_id for one in page.services]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(names) == len(set(names)) and service.service_id in names
    print(f"services: {len(names)}, one to a page")

    refused = session.call("services", "get_service", id="0" * 24)
    assert refused.status_code == 404 and refused.parsed.error.code == "not_found", refused.content
    assert int(refused.headers["X-RateLimit-Remaining"]) >= 0
    stranger = importlib.import_module(session.package).AuthenticatedClient(
        base_url=session.client._base_url, token="opx_live_" + "0" * 32)
    module = importlib.import_module(f"{session.package}.api.account.get_account")
    unknown = module.sync_detailed(client=stranger)
    assert unknown.status_code == 401 and unknown.parsed.error.code == "invalid_token", unknown.content
    print("refusals: 404 not_found, 401 invalid_token")
    done = session.ok("account", "get_idempotency_key", key=name).parsed.data
    assert done.http_status == 200 and done.response.to_dict() == json.loads(bought.content)
    print(f"the key {name[:12]}... bought at {done.answered_at.isoformat()}")


def main(arguments):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        package = generated(arguments.mount, folder)
        run(Session(package, f"{arguments.mount}/api/v1", arguments.key))
    print("the session went as the vendor says")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mount")
    parser.add_argument("--key", required=True)
    parser.add_argument("--keep", help="where the generated client is left")
    main(parser.parse_args())
