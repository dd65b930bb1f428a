"""Takes payments with localstripe in Stripe's place, and prints what happens.

    python stripe_session.py http://127.0.0.1:8080 --tollgate .build/debug/tollgate --data DIR [--tenant volga]

localstripe makes PaymentIntents and refunds and sends signed webhooks. It knows neither Checkout Sessions nor disputes:
those messages are made here, in the form of Stripe's documents, and signed as Stripe signs.
"""

import argparse
import base64
import concurrent.futures
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

API_SECRET = "sk_test_localstripe"
SIGNING_SECRET = "whsec_localstripe"


class Session:
    def __init__(self, arguments):
        self.address, self.tenant = arguments.address, arguments.tenant
        self.program, self.data = arguments.tollgate, arguments.data
        self.customer = arguments.customer
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.stripe = f"http://127.0.0.1:{self.port}"
        self.door = f"{self.address}/t/{self.tenant}/payments/stripe"

    # Tollgate, as an operator.
    def tollgate(self, *words, secrets=None, status=0):
        command = [self.program, *words, "--tenant", self.tenant, "--data", self.data, "--json"]
        done = subprocess.run(command, input=secrets, capture_output=True, text=True, timeout=120)
        assert done.returncode == status, f"{words}: {done.returncode} {done.stdout} {done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else done.stderr.strip()

    def balance(self):
        return self.tollgate("customer", "show", self.customer)["customer"]["balance"]

    def payments(self):
        return self.tollgate("payments", "list", "--customer", self.customer)["payments"]

    # localstripe, as Stripe's own clients.
    def ask(self, method, path, **fields):
        body = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(self.stripe + path, data=body, method=method)
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{API_SECRET}:".encode()).decode())
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    # A message of Stripe's, signed here.
    def tell(self, event, secret=SIGNING_SECRET, age=0):
        body = json.dumps(event).encode()
        moment = int(time.time()) - age
        code = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(self.door, data=body, method="POST")
        request.add_header("Stripe-Signature", f"t={moment},v1={code}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def until(self, what, look):
        """Waits for a state, not for a while."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.1)
        raise SystemExit(f"never came: {what}")


def event(name, kind, thing):
    return {"id": name, "object": "event", "type": kind, "created": int(time.time()), "data": {"object": thing}}


def say(what, *more):
    print(f"{what:<58}", *more, flush=True)


def play(session):
    customer = session.tollgate("customer", "show", session.customer)["customer"]
    ours, start = customer["id"], session.balance()
    say("balance at first", start)
    currency = start.split()[1]
    digits = 2 if "." in start else 0

    def money(major):
        return f"{major}.00 {currency}" if digits else f"{major} {currency}"

    def minor(text):
        return int(text.split()[0].replace(".", ""))

    told = session.tollgate(
        "payments", "stripe", "set", "--base-url", session.stripe, "--success-url", "https://shop.test/paid",
        "--cancel-url", "https://shop.test/", secrets=f"{API_SECRET}\n{SIGNING_SECRET}\n")
    say("connected; messages go to", told["webhook_path"])
    shown = json.dumps(session.tollgate("payments", "stripe", "show"))
    assert API_SECRET not in shown and SIGNING_SECRET not in shown
    session.ask("POST", "/_config/webhooks/tollgate", url=session.door, secret=SIGNING_SECRET)

    # A customer pays, and localstripe tells of it.
    card = session.ask("POST", "/v1/payment_methods", type="card", **{
        "card[number]": "4242424242424242", "card[exp_month]": 12, "card[exp_year]": 2030, "card[cvc]": "123"})
    payer = session.ask("POST", "/v1/customers", email="carol@example.com")
    session.ask("POST", f"/v1/payment_methods/{card['id']}/attach", customer=payer["id"])
    amount = 20 * 10**digits
    paid = session.ask("POST", "/v1/payment_intents", amount=amount, currency=currency.lower(), customer=payer["id"],
                       payment_method=card["id"], confirm="true", **{"metadata[tollgate_customer]": ours})
    say("localstripe has collected", paid["id"], paid["status"])
    # It is written down first, and then credited.
    first = session.until("the message", lambda: [
        p for p in session.payments() if p["reference"] == paid["id"] and p["state"] == "paid"])[0]
    say("its signed message was believed and credited", first["way"], first["state"], first["credited"])
    assert minor(session.balance()) - minor(start) == amount, session.balance()

    # The same settlement twenty times at once.
    again = [event(f"evt_again_{number % 5}", "payment_intent.succeeded", paid) for number in range(20)]
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(session.tell, again))
    assert set(statuses) == {200}, statuses
    assert minor(session.balance()) - minor(start) == amount
    say("told twenty times more at once", "20 x 200, credited once", session.balance())
    wrong = [session.tell(again[0], secret="whsec_wrong"), session.tell(again[0], age=301)]
    assert wrong == [400, 400], wrong
    say("signed by somebody else, or 301 s ago", *wrong)

    # A part goes back.
    part = session.tollgate("payments", "refund", first["id"], "--amount", money(5), "--reason", "too much")
    refunds = session.ask("GET", f"/v1/refunds?payment_intent={paid['id']}")["data"]
    assert part["state"] == "returned" and [r["id"] for r in refunds] == [part["reference"]], (part, refunds)
    assert refunds[0]["amount"] == 5 * 10**digits and refunds[0]["metadata"]["tollgate_reversal"] == part["id"]
    say("paid back through localstripe", part["amount"], part["reference"], session.balance())

    # A card that pays by itself.
    below = money(1_000_000)
    setting = session.tollgate("customer", "auto-top-up", session.customer, "--payer", payer["id"], "--card", card["id"],
                               "--below", below, "--amount", money(7), "--per-day", "2")
    say("fills itself from now on", setting["amount"], "at most", setting["per_day"], "a day")
    before = minor(session.balance())
    runs = []
    for _ in range(3):
        job = subprocess.run([session.program, "job", "auto-top-ups", "--data", session.data, "--json"],
                             capture_output=True, text=True, timeout=120)
        assert job.returncode == 0, job.stderr
        runs.append(json.loads(job.stdout)["counts"])
    collected = [run.get("collected", 0) for run in runs]
    assert collected == [1, 1, 0] and runs[2]["bounded"] == 1, runs
    assert minor(session.balance()) - before == 14 * 10**digits
    say("three runs of the job collected", collected, session.balance())
    automatic = [p for p in session.payments() if p["way"] == "automatic"]
    charged = [session.ask("GET", f"/v1/payment_intents/{p['reference']}") for p in automatic]
    assert [c["status"] for c in charged] == ["succeeded"] * 2
    session.tollgate("customer", "auto-top-up", session.customer, "--off")

    # A bank takes the rest, and gives it back.
    rest = amount - 5 * 10**digits
    before = minor(session.balance())
    dispute = {"id": "du_1", "object": "dispute", "amount": amount, "currency": currency.lower(),
               "payment_intent": paid["id"], "status": "needs_response"}
    assert session.tell(event("evt_dispute", "charge.dispute.created", dispute)) == 200
    assert before - minor(session.balance()) == rest, session.balance()
    say("a bank disputes all of it; what had not gone back is taken", session.balance())
    assert session.tell(event("evt_won", "charge.dispute.closed", dict(dispute, status="won"))) == 200
    assert minor(session.balance()) == before
    say("the dispute is won", session.balance())
    shown = session.tollgate("payments", "show", first["id"])
    say("the payment, in the end", shown["payment"]["credited"], "returned", shown["payment"]["returned"])
    for one in shown["reversals"]:
        say("", one["kind"], one["state"], one["amount"])

    # What localstripe does not know is refused in its words, and leaves a payment that failed.
    refused = session.tollgate("payments", "open", session.customer, money(25), status=1)
    say("localstripe has no Checkout Sessions", refused)
    job = subprocess.run([session.program, "job", "payments", "--data", session.data], capture_output=True, text=True,
                         timeout=120)
    say("the job `payments` finds", job.stdout.strip())
    verified = subprocess.run([session.program, "verify", "--data", session.data], capture_output=True, text=True,
                              timeout=300)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    say("tollgate verify", verified.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--tollgate", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--tenant", default="acme")
    parser.add_argument("--customer", default="alice@example.com")
    session = Session(parser.parse_args())
    with tempfile.TemporaryDirectory() as folder:
        stripe = subprocess.Popen(
            [sys.executable, "-c", "from localstripe.server import start; start()", "--port", str(session.port),
             "--from-scratch"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
        try:
            def answers():
                assert stripe.poll() is None, "localstripe has ended"
                try:
                    return session.ask("GET", "/v1/customers") is not None
                except (urllib.error.URLError, ConnectionError):
                    return False

            session.until("localstripe", answers)
            play(session)
        finally:
            # It would wait a minute for whoever may still ask.
            stripe.kill()
            stripe.wait(timeout=20)


if __name__ == "__main__":
    main()
