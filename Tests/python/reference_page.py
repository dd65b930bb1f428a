"""Opens a dialect's reference in headless Chromium and looks whether all of it is there.

    python3 Tests/python/reference_page.py http://127.0.0.1:8080/t/acme/gate [--picture FILE] [--at HOST]

The address is that of a mount; with --at it is opened by that host's name, which need not exist. Every operation of the
OpenAPI document has to be on the page, and the browser must not have complained: of a policy, of a file, of a script.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def browser():
    for name in ["chromium", "chromium-browser", "google-chrome"]:
        if shutil.which(name):
            return name
    sys.exit("there is no Chromium: `scripts/setup chromium` installs it")


def open_page(address, more):
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking", f"--user-data-dir={profile}", "--enable-logging=stderr",
            "--virtual-time-budget=20000", "--window-size=1280,1000", *more, address,
        ]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    complaints = [line for line in result.stderr.splitlines() if "CONSOLE" in line]
    assert not complaints, "\n".join(complaints)
    return result.stdout


def documents(page):
    """Where the page says that its document is."""
    return urllib.parse.urljoin(page, page_attribute(page, "data-document"))


def page_attribute(page, name):
    with urllib.request.urlopen(page) as answer:
        text = answer.read().decode()
    return text.split(f'{name}="', 1)[1].split('"', 1)[0]


def operations(document):
    with urllib.request.urlopen(document) as answer:
        paths = json.load(answer)["paths"]
    return [
        operation["operationId"] for path in paths.values() for method, operation in path.items() if method in METHODS
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mount")
    parser.add_argument("--picture", type=pathlib.Path)
    parser.add_argument("--at")
    options = parser.parse_args()
    page = options.mount + "/docs"
    wanted = operations(documents(page))
    assert wanted, "the document has no operations"
    more = []
    if options.at:
        port = urllib.parse.urlsplit(page).port
        page = f"http://{options.at}:{port}/docs"
        more = [f"--host-resolver-rules=MAP {options.at} 127.0.0.1"]
    seen = open_page(page, [*more, "--dump-dom"])
    missing = [name for name in wanted if f'class="opblock-summary-operation-id">{name}<' not in seen]
    assert not missing, f"{page} does not show {missing}; it shows:\n{seen[:4000]}"
    assert 'class="btn authorize' in seen, f"{page} does not let anybody authorise"
    if options.picture:
        open_page(page, [*more, f"--screenshot={options.picture}"])
    print(f"{page}: {len(wanted)} operations")


main()
