"""A running `tollgate up`, an operator's commands beside it, and a reader's look into its tables."""

import glob
import json
import os
import pathlib
import signal
import subprocess
import time

from expecting import Difference, same


class Installation:
    """Serves a catalogue from a folder of its own; jobs run when the story says so and at no other moment."""

    def __init__(self, program, folder, catalogue):
        self.program, self.data = program, str(pathlib.Path(folder) / "data")
        self.log = open(pathlib.Path(folder) / "up.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [program, "up", "--data", self.data, "--port", "0", "--apply", catalogue, "--log-level", "warning"],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env={**os.environ, "TOLLGATE_JOBS": "false"})
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.address = line.split()[1]
                return
        raise Difference(f"tollgate up ended before it was ready: {pathlib.Path(self.log.name).read_text()}")

    def command(self, *arguments):
        """The exit code and what was printed."""
        done = subprocess.run(
            [self.program, *arguments, "--data", self.data], capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr

    def say(self, *arguments):
        """What a command prints as JSON; it has to succeed."""
        code, output, errors = self.command(*arguments, "--json")
        same(f"tollgate {' '.join(arguments)}: {errors or output}", 0, code)
        return json.loads(output)

    def rows(self, query):
        """What an auditor reads in the tables themselves, as JSON."""
        # Where the path to the data is too long for a socket, the folder it is in stands there.
        folder = (pathlib.Path(self.data) / "postgres" / "socket").read_text().strip()
        text = f"SELECT coalesce(json_agg(r), '[]'::json) FROM ({query}) r"
        done = subprocess.run(
            [client(), "-h", folder, "-U", "tollgate", "-d", "tollgate", "-XAtqc", text],
            capture_output=True, text=True, timeout=60, check=False)
        same(f"psql: {done.stderr}", 0, done.returncode)
        return json.loads(done.stdout)

    def ready_ports(self, gateway):
        """What a worker has on the shelf of a sandbox's gateway."""
        return self.rows(
            "SELECT count(*) AS ports FROM slots s JOIN gateways g ON (g.tenant_id, g.id) = (s.tenant_id, s.gateway_id) "
            f"JOIN tenants t ON t.id = g.tenant_id WHERE t.sandbox_of IS NOT NULL AND g.name = '{gateway}' "
            "AND s.state = 'ready'")[0]["ports"]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        same("the exit code of tollgate up", 0, self.process.wait(60))

    def give_up(self):
        """Ends it whatever state it is in."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()


def client():
    """The psql of the newest PostgreSQL, in the places in which tollgate looks."""
    folders = [os.environ.get("TOLLGATE_POSTGRES_BIN", "")]
    folders += sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]), reverse=True)
    folders += sorted(glob.glob("/usr/pgsql-*/bin"), reverse=True)
    found = [f"{folder}/psql" for folder in folders if folder and os.access(f"{folder}/psql", os.X_OK)]
    return found[0] if found else "psql"


class Clock:
    """A sandbox's clock: moved ahead by command, and read without asking, because it runs on with ours."""

    def __init__(self, house, tenant):
        self.house, self.tenant = house, tenant
        self.ahead = house.say("clock", "show", "--tenant", tenant)["ahead_ms"]

    def now(self):
        """In milliseconds."""
        return time.time_ns() // 1_000_000 + self.ahead

    def advance(self, *how):
        self.ahead = self.house.say("clock", "advance", "--tenant", self.tenant, *how)["ahead_ms"]
