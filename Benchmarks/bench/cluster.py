"""One PostgreSQL of the benchmark's own, with default durability."""

import os
import pathlib
import pwd
import shutil
import subprocess
import time

# What the embedded server of `tollgate up` is started with (ClusterSettings.swift), so that both sides have it.
SETTINGS = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "wal_compression": "on",
    "wal_buffers": "16MB", "max_wal_size": "2GB", "min_wal_size": "256MB", "checkpoint_timeout": "10min",
    "shared_buffers": "2GB", "effective_cache_size": "8GB", "work_mem": "8MB", "maintenance_work_mem": "128MB",
    "jit": "off", "random_page_cost": "1.1",
    "max_connections": "100", "listen_addresses": "", "timezone": "UTC",
    "shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track": "none",
}


def programs():
    """The folder of the newest PostgreSQL of this machine."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if not found:
        raise SystemExit("bench: no PostgreSQL under /usr/lib/postgresql: run scripts/setup")
    return found[-1]


class Cluster:
    """Makes, starts and stops the server; its databases are reached over a socket."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "cluster"
        self.bin = programs()
        self.process = None

    def _as_server(self, arguments, **options):
        # PostgreSQL refuses to run as root.
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        return subprocess.Popen([str(a) for a in arguments], cwd="/", **options)

    def make(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self.data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.data, "postgres", "postgres")
        made = self._as_server(
            [self.bin / "initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--data-checksums"], stdout=subprocess.DEVNULL)
        if made.wait() != 0:
            raise SystemExit("bench: initdb failed")

    def start(self, **more):
        socket = self.folder / "socket"
        socket.mkdir(exist_ok=True)
        socket.chmod(0o777)
        settings = SETTINGS | {"unix_socket_directories": str(socket)} | more
        log = open(self.folder / "postgres.log", "ab")
        self.process = self._as_server(
            [self.bin / "postgres", "-D", self.data]
            + [a for name, value in settings.items() for a in ("-c", f"{name}={value}")],
            stdout=log, stderr=log)
        while subprocess.run([self.bin / "pg_isready", "-q", "-h", socket]).returncode != 0:
            if self.process.poll() is not None:
                raise SystemExit(f"bench: PostgreSQL did not start, see {self.folder}/postgres.log")
            time.sleep(0.1)

    def stop(self):
        if self.process:
            self.process.terminate()  # "smart"; nobody is connected any more
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(2)
                self.process.wait(60)
            self.process = None

    def url(self, database):
        return f"host={self.folder}/socket user=postgres dbname={database}"

    def psql(self, database, *arguments, text=None):
        """Runs SQL; what it printed, unaligned."""
        done = subprocess.run(
            [self.bin / "psql", self.url(database), "-qAtX", "-v", "ON_ERROR_STOP=1", *arguments],
            input=text, text=True, capture_output=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: psql: {done.stderr}")
        return done.stdout.strip()

    def pids(self):
        """The postmaster and everything it has started."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid] + [int(pid) for pid in children.split()]
