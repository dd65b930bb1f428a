"""One data directory and the program on it."""

import glob
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def programs():
    """The folder of PostgreSQL's programs, newest first, as tollgate looks for them."""
    named = os.environ.get("TOLLGATE_POSTGRES_BIN")
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin"), reverse=True)
    for folder in [named] if named else found:
        if Path(folder, "pg_basebackup").exists():
            return Path(folder)
    sys.exit("restore drill: no PostgreSQL with pg_basebackup was found")


def as_postgres(command):
    """As root, what PostgreSQL owns is touched as the user postgres; else it is ours."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command] if os.geteuid() == 0 else command


def run(command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    if done.returncode != 0:
        sys.exit(f"restore drill: {' '.join(str(word) for word in command)}\n{done.stdout}{done.stderr}")
    return done.stdout


class Installation:
    all = []

    def __init__(self, tollgate, data):
        Installation.all.append(self)
        self.tollgate, self.data, self.process, self.address = tollgate, data, None, None

    def up(self, *more):
        output = self.data.parent / f"{self.data.name}.out"
        with open(output, "w") as out, open(f"{output}.err", "w") as err:
            self.process = subprocess.Popen(
                [self.tollgate, "up", "--data", self.data, "--port", "0", *more], stdout=out, stderr=err)
        deadline = time.monotonic() + 90
        while True:
            said = [line for line in output.read_text().splitlines() if line.startswith("ready ")]
            if said:
                self.address = said[0].removeprefix("ready ")
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"restore drill: tollgate did not start\n{Path(f'{output}.err').read_text()[-2000:]}")
            time.sleep(0.05)

    def run(self, *words):
        return run([self.tollgate, *words, "--data", self.data])

    def end(self):
        self.process.terminate()
        self.process.wait(60)

    @classmethod
    def end_all(cls):
        """However the drill ends, nothing of it goes on."""
        for one in cls.all:
            if one.process and one.process.poll() is None:
                one.end()

    def kill(self):
        """As a machine goes: the program and its PostgreSQL, both at once."""
        postmaster = int((self.data / "postgres/data/postmaster.pid").read_text().split()[0])
        self.process.kill()
        os.kill(postmaster, signal.SIGKILL)
        self.process.wait()

    def socket(self):
        """Where libpq finds it; docs/backup.md says the same."""
        return ["-h", (self.data / "postgres/socket").read_text().strip(), "-p", "5432", "-U", "tollgate"]

    def query(self, sql):
        return run(as_postgres([programs() / "psql", *self.socket(), "-d", "tollgate", "-AtXc", sql]), cwd="/").strip()

    def moment(self):
        return self.query("SELECT clock_timestamp()")

    def books(self):
        """What the ledger comes to, by account and currency."""
        return self.query(
            "SELECT role, currency, count(*), sum(balance_minor), sum(postings_count) FROM accounts"
            " WHERE postings_count > 0 GROUP BY 1, 2 ORDER BY 1, 2")
