"""What the figures were measured on."""

import os
import pathlib
import platform
import subprocess


def _first(path, name):
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith(name):
            return line.split(":", 1)[1].strip()


def _says(*command):
    return subprocess.run(command, text=True, capture_output=True).stdout.strip()


def describe(cluster):
    memory = int(_first("/proc/meminfo", "MemTotal").split()[0]) // (1024 * 1024)
    return {
        "machine": f"{os.cpu_count()} cores ({_first('/proc/cpuinfo', 'model name')}), {memory} GiB, "
                   f"Linux {platform.release().split('-')[0]}; PostgreSQL, server and load share them",
        "PostgreSQL": cluster.psql("postgres", "-c", "SELECT split_part(version(), ' ', 2)")
        + ", fsync, synchronous_commit and full_page_writes on, settings as `tollgate up` makes them",
        "Swift": _says("swift", "--version").splitlines()[0].split(" (")[0],
        "commit": _says("git", "-C", str(pathlib.Path(__file__).parent), "rev-parse", "--short", "HEAD"),
    }
