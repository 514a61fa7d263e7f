"""Where a run keeps its things: demo and test each have a folder under var/ and share nothing."""

import fcntl
import hashlib
import os
import re
import secrets
import stat
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
SOCKET_BYTES = 107  # sockaddr_un.sun_path, less the closing NUL
LONGEST_NAME = len("/.s.PGSQL.5432.lock")


class PlaceTaken(Exception):
    """Another run works in this place."""


class Place:
    """A private folder with data, sockets, tokens, logs and pid files."""

    def __init__(self, home: Path):
        self.home = home
        self.pids = home / "pids"
        self.logs = home / "log"
        self.tokens = home / "tokens"
        self._lock = None

    def prepare(self) -> "Place":
        for folder in (self.home, self.pids, self.logs, self.tokens):
            folder.mkdir(parents=True, exist_ok=True)
        return self

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def take(self) -> None:
        """Hold the place for this process; the kernel gives it back however we end."""
        self._lock = open(self.home / "lock", "a")  # noqa: SIM115 - held until we end
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise PlaceTaken(str(self.home)) from None

    def release(self) -> None:
        self._lock.close()

    def secret(self, name: str, make=lambda: secrets.token_urlsafe(64)) -> str:
        """A value made once and kept, readable by the owner only."""
        path = self.home / name
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(make())
        return path.read_text()

    def sockets(self) -> Path:
        """The socket folder, 0700; under /tmp when the checkout lies too deep or has an awkward name."""
        near = self.home / "s"
        folder = near if usable_for_sockets(near) else far_folder(self.home)
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in trusted_owners():
            raise PermissionError(f"{folder} belongs to somebody else")
        folder.chmod(0o700)
        return folder


def usable_for_sockets(folder: Path) -> bool:
    """Short enough for the kernel, and plain enough to stand unescaped in a broker address."""
    path = os.fsencode(folder)
    return len(path) + LONGEST_NAME <= SOCKET_BYTES and bool(re.fullmatch(rb"[\w./-]+", path, re.ASCII))


def far_folder(home: Path) -> Path:
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"procurement-{os.getuid()}-{name}"  # noqa: S108 - owner and mode are checked


def trusted_owners() -> set[int]:
    from .disguise import NOBODY

    return {0, NOBODY} if os.getuid() == 0 else {os.getuid()}


def place(name: str) -> Place:
    return Place(VAR / name).prepare()
