"""Lets a real Prometheus scrape a running Tollgate and asks it everything that docs/monitoring asks.

    python monitoring_walk.py http://127.0.0.1:8080 --prometheus PROGRAM

Fails where Prometheus does not load the rules, where a rule's evaluation fails, where an alert fires on a server that
nothing ails, or where a panel of the dashboard has nothing to show. Needs nothing but Python.
"""

import argparse
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs/monitoring"
# What begins to be counted with the first of its kind.
MAY_BE_EMPTY = {"tollgate_engine_coupon_refusals_total"}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("address")
    arguments.add_argument("--prometheus", required=True)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server, url = start(given, Path(folder))
        try:
            rules(url)
            panels(url)
        finally:
            server.kill()
            server.wait()


def start(given, folder):
    """Our configuration as it is committed, but for where the process is and how often it is asked."""
    text = (FOLDER / "prometheus.yml").read_text()
    text = text.replace("127.0.0.1:8080", urllib.parse.urlsplit(given.address).netloc)
    text = text.replace("[alerts.yml]", f"[{FOLDER / 'alerts.yml'}]")
    text = re.sub(r"(scrape|evaluation)_interval: \d+s", r"\1_interval: 1s", text)
    (folder / "prometheus.yml").write_text(text)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [given.prometheus, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
         f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"],
        stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"))
    url = f"http://127.0.0.1:{port}/api/v1"
    wait_for("a scrape that went well", lambda: result(url, 'up{job="tollgate"} == 1'), server, folder)
    return server, url


def rules(url):
    """Every rule is evaluated and healthy, and none fires."""
    def judged():
        groups = get(f"{url}/rules")["groups"]
        found = [rule for group in groups for rule in group["rules"]]
        return found if found and all(rule["health"] != "unknown" for rule in found) else None

    found = wait_for("every rule to be evaluated", judged)
    ill = [f"{rule['name']}: {rule.get('lastError')}" for rule in found if rule["health"] != "ok"]
    firing = [rule["name"] for rule in found if rule["state"] == "firing"]
    if ill or firing:
        sys.exit(f"monitoring: rules that fail: {ill}; alerts on a server that nothing ails: {firing}")
    print(f"{len(found)} alert rules are loaded and evaluated; none fires")


def panels(url):
    """Every query of every panel has something to show."""
    board = json.loads((FOLDER / "dashboard.json").read_text())
    count = 0
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"].replace("$instance", ".*").replace("$__rate_interval", "10s")
            if any(name in query for name in MAY_BE_EMPTY):
                result(url, query)  # it has to be understood all the same
            else:
                wait_for(f"the panel {panel['title']} to show {query}", lambda: result(url, query))
            count += 1
    print(f"{count} queries of {sum('targets' in panel for panel in board['panels'])} panels have something to show")


def result(url, query):
    return get(f"{url}/query?{urllib.parse.urlencode({'query': query})}")["result"]


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as error:
        if error.code == 503:
            return {"result": [], "groups": []}  # it is starting
        sys.exit(f"monitoring: {url}: {error.read().decode()}")
    except OSError:
        return {"result": [], "groups": []}


def wait_for(what, question, server=None, folder=None):
    deadline = time.monotonic() + 60
    while not (answer := question()):
        if time.monotonic() > deadline or (server and server.poll() is not None):
            sys.exit(f"monitoring: waited in vain for {what}\n{(folder / 'log').read_text() if folder else ''}")
        time.sleep(0.2)
    return answer


main()
