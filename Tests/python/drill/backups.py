"""The two kinds of backup that docs/backup.md describes, by PostgreSQL's own programs."""

import os
import shutil
import subprocess
import time

from installation import Installation, as_postgres, programs, run


class BaseBackup:
    """pg_basebackup, and pg_receivewal for all that comes after it."""

    def __init__(self, live, folder):
        self.live, self.folder, self.bin = live, folder, programs()
        for place in [folder, folder / "wal"]:
            place.mkdir()
            own(place)
        shutil.copy(live.data / "installation.key", folder / "installation.key")
        run(as_postgres([self.bin / "pg_receivewal", *live.socket(), "--slot", "backup", "--create-slot"]), cwd="/")
        self.receiver = subprocess.Popen(
            as_postgres([str(w) for w in [self.bin / "pg_receivewal", *live.socket(), "--slot", "backup", "--synchronous",
                                          "-D", folder / "wal"]]), cwd="/", stderr=subprocess.DEVNULL)

    def end(self):
        if self.receiver.poll() is None:
            self.receiver.kill()  # asked in peace, it would ask the lost server again and again
            self.receiver.wait(60)

    def take(self, while_doing):
        taking = subprocess.Popen(
            as_postgres([str(w) for w in [self.bin / "pg_basebackup", *self.live.socket(), "-D", self.folder / "base",
                                          "--checkpoint=fast", "--wal-method=stream"]]), cwd="/")
        while_doing()
        if taking.wait(120) != 0:
            raise SystemExit("restore drill: pg_basebackup failed")
        run(as_postgres([self.bin / "pg_verifybackup", self.folder / "base"]), cwd="/")

    def receive_up_to_now(self):
        """Waits until what is committed has been received, as `sent` in pg_stat_replication would alert on."""
        until = self.live.query("SELECT pg_current_wal_flush_lsn()")
        deadline = time.monotonic() + 30
        asked = f"SELECT coalesce(bool_or(flush_lsn >= '{until}'), false) FROM pg_stat_replication WHERE application_name = 'pg_receivewal'"
        while self.live.query(asked) != "t":
            if time.monotonic() > deadline:
                raise SystemExit("restore drill: the WAL was not received in 30 s")
            time.sleep(0.05)

    def restore(self, tollgate, data, until=None):
        """Puts the backup where a data directory's cluster belongs, with the WAL to play."""
        self.end()
        data.mkdir(mode=0o711)
        shutil.copy(self.folder / "installation.key", data / "installation.key")
        (data / "postgres").mkdir(mode=0o700)
        own(data / "postgres")
        cluster = data / "postgres/data"
        run(as_postgres(["cp", "-a", self.folder / "base", cluster]), cwd="/")
        wal = self.folder / "wal"
        # The segment that was being received has another name until it is full.
        settings = [f"restore_command = 'cp {wal}/%f %p || cp {wal}/%f.partial %p'", "recovery_target_action = 'promote'"]
        if until:
            settings.append(f"recovery_target_time = '{until}'")
        with open(cluster / "postgresql.auto.conf", "a") as file:
            file.write("\n".join(settings) + "\n")
        run(as_postgres(["touch", cluster / "recovery.signal"]), cwd="/")
        return Installation(tollgate, data)

    def megabytes(self):
        return sum(f.stat().st_size for f in (self.folder / "base").rglob("*") if f.is_file()) / 2**20


class LogicalDump:
    """pg_dump's custom format; roles are the installation's own and made by `tollgate migrate`."""

    def __init__(self, live, folder):
        self.live, self.folder, self.bin = live, folder, programs()
        folder.mkdir()
        own(folder)
        shutil.copy(live.data / "installation.key", folder / "installation.key")

    def take(self):
        run(as_postgres([self.bin / "pg_dump", *self.live.socket(), "-d", "tollgate", "-Fc", "-f", self.folder / "tollgate.dump"]), cwd="/")

    def restore(self, tollgate, data):
        data.mkdir(mode=0o711)
        shutil.copy(self.folder / "installation.key", data / "installation.key")
        restored = Installation(tollgate, data)
        # Makes cluster, roles and an empty schema; the dump then brings a schema of its own.
        restored.run("migrate")
        restored.up()
        run(as_postgres([self.bin / "pg_restore", *restored.socket(), "-d", "tollgate", "--clean", "--if-exists", "--exit-on-error",
                         "--single-transaction", self.folder / "tollgate.dump"]), cwd="/")
        run(as_postgres([self.bin / "vacuumdb", *restored.socket(), "-d", "tollgate", "--analyze-only", "-q"]), cwd="/")
        restored.end()
        return restored

    def kilobytes(self):
        return (self.folder / "tollgate.dump").stat().st_size / 1024


def own(place):
    """As root, gives a folder to the user that PostgreSQL runs as."""
    if os.geteuid() == 0:
        shutil.chown(place, "postgres", "postgres")
    place.chmod(0o700)
    if os.geteuid() == 0:
        place.chmod(0o755)
