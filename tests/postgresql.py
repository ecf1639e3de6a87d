"""A PostgreSQL server of its own, on a free port of this machine, for the time of some tests."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg

OPTIONS = "-c fsync=off -c shared_buffers=16MB -c max_connections=30 -c unix_socket_directories="
FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)  # of Debian


def program(name):
    """Where a program of the server is; None: it is not installed."""
    places = os.pathsep.join([*map(str, FOLDERS), os.environ.get("PATH", "")])
    return shutil.which(name, path=places)


class Server:
    """`start` and `stop` it any number of times; it keeps its databases. As root it runs as nobody,
    since PostgreSQL refuses to run as root."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="forewave-postgresql-"))
        self._as = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": "nobody", "group": nobody.pw_gid, "extra_groups": []}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._names = 0
        self._run("initdb", "-U", "forewave", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")

    def start(self):
        options = f"{OPTIONS} -c listen_addresses=127.0.0.1 -p {self.port}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-t", "30", "-l", log, "-o", options, "start")

    def stop(self):
        """At once, as when the machine is lost."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def database(self):
        """The address of a new, empty database."""
        self._names += 1
        name = f"t{self._names}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def remove(self):
        self._run("pg_ctl", "-w", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder)

    def _url(self, name):
        return f"postgresql://forewave@127.0.0.1:{self.port}/{name}"

    def _run(self, name, *arguments, check=True):
        done = subprocess.run(
            [program(name), "-D", str(self.folder / "data"), *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE if name == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.PIPE if name == "initdb" else subprocess.DEVNULL,
            check=False,
            **self._as,
        )
        if check and done.returncode:
            raise AssertionError(f"{name} {arguments}: {done.returncode} {done.stderr}")
