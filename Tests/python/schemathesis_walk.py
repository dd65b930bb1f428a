"""Lets schemathesis make requests out of a dialect's OpenAPI document, against a running server.

    python schemathesis_walk.py http://127.0.0.1:8080/t/acme/gate --document /openapi.json
                                --caller "with a key=x-api-key: KEY" [--caller ...] [--person EMAIL:PASSWORD]
                                [--examples 30] [--seed 20260131] [--seconds 12]
                                [--without OPERATION ...]

Each caller is a name and a header; a person signs in for theirs. Operations that would end their session are left out. No answer may be a 5xx, and none outside the document:
status, content type, headers and schema; what the document forbids is refused.
"""

import argparse
import json
import subprocess
import sys
import urllib.request
from urllib.parse import urlsplit

# Undocumented methods hear 405 with the dialect's envelope, which the document does not list path by path.
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "negative_data_rejection"]


def session(mount, person):
    """A bearer token for somebody who signs in with e-mail address and password."""
    email, password = person.split(":", 1)
    parts = urlsplit(mount)
    tenant = parts.path.split("/")[2]
    request = urllib.request.Request(
        f"{parts.scheme}://{parts.netloc}/t/{tenant}/account/v1/sessions",
        data=json.dumps({"email": email, "password": password}).encode(), headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["token"]


def run(name, header, arguments):
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{arguments.mount}{arguments.document}", "--header", header,
               "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", str(arguments.examples),
               "--max-time", str(arguments.seconds), "--seed", str(arguments.seed), "--continue-on-failure",
               "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off", "--no-color",
               # One thread: CPython 3.11 miscounts its recursion where two parse source, which hypothesis does.
               "--workers", "1"]
    command += [part for operation in arguments.without for part in ("--exclude-operation-id", operation)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=arguments.seconds * 10 + 60)
    if result.returncode:
        print(f"== {name}\n{result.stdout[-8000:]}\n{result.stderr[-2000:]}")
    else:
        summary = [line.strip() for line in result.stdout.splitlines() if "generated" in line or "test cases" in line.lower()]
        print(f"{name}: nothing outside the document. {' '.join(summary[-2:])}")
    return result.returncode


def main(arguments):
    callers = dict(caller.split("=", 1) for caller in arguments.caller)
    if arguments.person:
        callers["with a session"] = f"Authorization: Bearer {session(arguments.mount, arguments.person)}"
    codes = [run(name, header, arguments) for name, header in callers.items()]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mount")
    parser.add_argument("--document", required=True, help="its path below the mount")
    parser.add_argument("--caller", action="append", default=[], help="NAME=HEADER: VALUE")
    parser.add_argument("--person")
    parser.add_argument("--without", action="append", default=[], help="the id of an operation")
    parser.add_argument("--examples", type=int, default=30)
    parser.add_argument("--seed", type=int, default=20260131)
    parser.add_argument("--seconds", type=int, default=12, help="for each caller")
    sys.exit(main(parser.parse_args()))
