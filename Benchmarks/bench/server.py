"""The program under test, as an operator runs it."""

import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.request


class Server:
    """`tollgate serve` (or the plain-text server), until stopped."""

    def __init__(self, arguments, environment, log):
        self.log = pathlib.Path(log)
        out = open(self.log, "wb")
        self.process = subprocess.Popen(
            [str(a) for a in arguments], env=os.environ | environment, stdout=out, stderr=out)
        self.pid = self.process.pid
        self.address = self._address()

    def _address(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            for line in self.log.read_text(errors="replace").splitlines():
                if "http://" in line:
                    return "http://" + line.split("http://", 1)[1].split()[0].strip("\"',")
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"bench: a server did not start, see {self.log}")

    def get(self, path, header):
        """`header` shows the API key: "name: value"."""
        request = urllib.request.Request(self.address + path, headers=dict([header.split(": ", 1)]))
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def post(self, path, header, body):
        request = urllib.request.Request(
            self.address + path, json.dumps(body).encode(),
            dict([header.split(": ", 1)]) | {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def resident_megabytes(self):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
