"""Programs we start: each in its own session with a pid file, for whoever comes next to find and end."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .places import ROOT, Place
from .waiting import NotReady, until

MARK = "PROCUREMENT_PLACE"


def boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def status(pid: int) -> tuple[str, int, int] | None:
    """(state, session, start in clock ticks) of a living process, from /proc/PID/stat."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return (fields[0], int(fields[3]), int(fields[19])) if fields[0] not in "ZX" else None


@dataclass(frozen=True)
class Record:
    """What a pid file says. A pid alone proves nothing: it is ours only if it started when ours did."""

    pid: int
    start: int
    boot: str
    stop_signal: int = signal.SIGTERM

    @classmethod
    def of(cls, pid: int, stop_signal: int) -> "Record":
        now = status(pid)
        return cls(pid, now[2] if now else -1, boot(), stop_signal)

    @classmethod
    def read(cls, path: Path) -> "Record | None":
        try:
            return cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self)))
        fresh.replace(path)

    def alive(self) -> bool:
        now = status(self.pid)
        return bool(now and now[2] == self.start and self.boot == boot())

    def orphans(self, place: Place) -> list[int]:
        """Living members of its session that carry our mark: what a killed leader left behind."""
        if self.boot != boot():
            return []
        pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [pid for pid in pids if self._is_member(status(pid)) and marked(pid, place)]

    def _is_member(self, now: tuple[str, int, int] | None) -> bool:
        return bool(now and now[1] == self.pid and now[2] >= self.start)

    def end(self, place: Place, seconds: float = 10) -> None:
        """Ask politely, then kill; the same for what is left of its session."""
        if self.alive():
            send(self.pid, self.stop_signal)
            if not gone_within(lambda: not self.alive(), seconds):
                send(self.pid, signal.SIGKILL)
                gone_within(lambda: not self.alive(), 5)
        for pid in self.orphans(place):
            send(pid, signal.SIGKILL)


def marked(pid: int, place: Place) -> bool:
    try:
        environ = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"{MARK}={place.home}".encode() in environ


def send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def gone_within(gone, seconds: float) -> bool:
    try:
        until(gone, "", seconds)
    except NotReady:
        return False
    return True


def foreground(command: list[str], env: dict[str, str], seconds: float = 20) -> int:
    """Run to its end on our terminal; at Ctrl-C it has the signal and time for its last words."""
    process = subprocess.Popen(command, env={**os.environ, **env}, cwd=ROOT)
    try:
        return process.wait()
    except KeyboardInterrupt:
        if not os.isatty(0):  # at a terminal Ctrl-C reached it already
            process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
        raise


def leftovers(place: Place) -> list[tuple[str, Record]]:
    """What an earlier run left running here, the latest started first."""
    files = sorted(place.pids.glob("*.pid"), key=lambda path: path.stat().st_mtime, reverse=True)
    records = [(path, Record.read(path)) for path in files]
    return [(path.stem, record) for path, record in records if record]


def reap(place: Place) -> list[str]:
    """End what an earlier run left here; foreign processes under the same pid are let be."""
    ended = []
    for name, record in leftovers(place):
        if record.alive() or record.orphans(place):
            record.end(place)
            ended.append(name)
        (place.pids / f"{name}.pid").unlink(missing_ok=True)
    return ended


@dataclass
class Program:
    """One long-running command of a place."""

    place: Place
    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    process: subprocess.Popen | None = None
    asked: bool = False

    @property
    def pid_file(self) -> Path:
        return self.place.pids / f"{self.name}.pid"

    @property
    def log(self) -> Path:
        return self.place.log(self.name)

    def start(self) -> "Program":
        env = {**os.environ, **self.env, MARK: str(self.place.home)}
        self.asked = False
        with self.log.open("ab") as log:
            log.write(f"--- {time.strftime('%F %T')} {' '.join(self.command)}\n".encode())
            log.flush()
            self.process = subprocess.Popen(
                self.command,
                env=env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        Record.of(self.process.pid, int(self.stop_signal)).write(self.pid_file)
        return self

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait_for(self, probe, seconds: float = 180) -> None:
        """Until `probe` is true; at once an error, with the log's end, when the program has died."""

        def ready() -> bool:
            if not self.running():
                raise NotReady(f"{self.name} 退出, 代码 {self.process.returncode}")
            return probe()

        try:
            until(ready, self.name, seconds)
        except NotReady as error:
            raise NotReady(f"{error}\n{self.tail()}") from None

    def tail(self, lines: int = 15) -> str:
        text = self.log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(["  | " + line for line in text] + [f"  日志: {self.log}"])

    def ask_to_stop(self) -> None:
        """Once: to Celery and others a second signal means "at once"."""
        if self.running() and not self.asked:
            self.process.send_signal(self.stop_signal)
            self.asked = True

    def stop(self, seconds: float = 10) -> None:
        if self.process is None:
            return
        if self.running():
            self.ask_to_stop()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        record = Record.read(self.pid_file)
        if record:
            record.end(self.place)
        self.pid_file.unlink(missing_ok=True)


def stop_together(programs: list[Program]) -> None:
    """Ask all at once, then wait for each: they do not need one another to end."""
    for program in programs:
        program.ask_to_stop()
    for program in programs:
        program.stop()
