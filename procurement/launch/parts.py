"""The parts of the demo: how each is started and how we know that it works."""

import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from . import ports
from .places import Place
from .processes import Program
from .waiting import NotReady

AGENT_PORTS = range(24815, 24820)  # the list the pages try, ca-key.md §3
LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only when the person who starts the demo asks for it


@dataclass(frozen=True)
class Spots:
    """Where the parts listen."""

    bound: str
    hosts: list[str]
    web: int
    portal: int
    executors: int
    agent: int


def pin_file(here: Place) -> Path:
    """The PIN of the server's own token, made once."""
    here.secret("server-hsm.pin", lambda: f"{secrets.randbelow(10**8):08}")
    return here.home / "server-hsm.pin"


def trust_folder(here: Place) -> Path:
    """Certificates whose signatures the portal accepts; demo_world --prepare writes ours there."""
    folder = here.home / "trust"
    folder.mkdir(exist_ok=True)
    return folder


def portal(here: Place, spots: Spots, env: dict[str, str]) -> list[str]:
    words = ["procurement.sandbox", "--host", spots.bound, "--port", str(spots.portal)]
    words += ["--store", str(here.home / "portal.sqlite3"), "--trust", str(trust_folder(here))]
    words += ["--control-token", env["DEMO_PORTAL_CONTROL"]]
    return [*words, "--public-url", f"http://{spots.hosts[0]}:{spots.portal}"]


def executors(here: Place, spots: Spots, env: dict[str, str]) -> list[str]:
    """E-malls, trading system and agencies; their keys are made by demo_world --prepare."""
    words = ["procurement.sandbox.executors", "--host", spots.bound, "--port", str(spots.executors)]
    words += ["--store", str(here.home / "executors.sqlite3"), "--trust", str(trust_folder(here))]
    words += ["--keys", str(here.home / "executors"), "--control-token", env["DEMO_PORTAL_CONTROL"]]
    words += ["--callback", f"http://{reachable(spots)}:{spots.web}/tasks/callbacks"]
    return [*words, "--public-url", f"http://{spots.hosts[0]}:{spots.executors}"]


def executor_settings(here: Place, spots: Spots) -> dict[str, str]:
    """Where each executor listens, where its pages are and whose signature its reports bear."""
    found = {}
    for channel in ("huicai", "wancai", "trading", "agency"):
        name = f"EXECUTOR_{channel.upper()}"
        found[f"{name}_URL"] = f"http://{reachable(spots)}:{spots.executors}/{channel}"
        found[f"{name}_PUBLIC_URL"] = f"http://{spots.hosts[0]}:{spots.executors}/{channel}"
        found[f"{name}_CERTIFICATES"] = str(here.home / "executors" / f"{channel}.pem")
    return found


def agent(here: Place, spots: Spots, env: dict[str, str]) -> list[str]:
    words = [
        "accounts.cakey.agent",
        "--port",
        str(spots.agent),
        "--pin-from-page",
        "--dev",
        "--per-minute",
        "600",
    ]
    return words + [
        word for origin in env["CAKEY_ORIGINS"].split(",") for word in ("--practice-origin", origin)
    ]


def worker(here: Place, spots: Spots, env: dict[str, str]) -> list[str]:
    return [*celery("main", "celery"), "-P", "threads", "-c", "2", "-B", "-s", str(here.home / "beat")]


def hsm(here: Place, spots: Spots, env: dict[str, str]) -> list[str]:
    return [*celery("hsm", "hsm"), "-P", "prefork", "-c", "1"]


def celery(name: str, queue: str) -> list[str]:
    words = ["celery", "-A", "procurement.celery", "worker", "-n", f"{name}@procurement", "-Q", queue]
    return [*words, "--loglevel", "INFO", "--without-gossip", "--without-mingle"]


def web(here: Place, spots: Spots, env: dict[str, str]) -> list[str]:
    words = ["gunicorn", "procurement.wsgi", "-k", "gthread", "--preload", "--workers", "2", "--threads", "4"]
    words += ["--bind", f"{spots.bound}:{spots.web}", "--no-control-socket"]
    return [*words, "--access-logfile", str(here.log("access"))]


def answers_http(port: int, host: str) -> bool:
    """Any answer but a failure of its own, which no waiting would mend."""
    try:
        with urlopen(f"http://{host}:{port}/", timeout=30):
            return True
    except HTTPError as error:
        if error.code >= 500:
            raise NotReady(f"http://{host}:{port}/ 答 {error.code}") from None
        return True


def works(name: str) -> Callable[[Spots, dict[str, str]], bool]:
    """A worker that answers a ping through the broker."""

    def probe(spots: Spots, env: dict[str, str]) -> bool:
        from celery import Celery

        app = Celery("probe", broker=env["REDIS_URL"])
        with app.connection_for_write() as connection:
            return bool(app.control.ping([f"{name}@procurement"], timeout=1, limit=1, connection=connection))

    return probe


def reachable(spots: Spots) -> str:
    return LOOPBACK if spots.bound == EVERYWHERE else spots.bound


@dataclass(frozen=True)
class Part:
    name: str
    command: Callable[[Place, Spots, dict[str, str]], list[str]]
    ready: Callable[[Spots, dict[str, str]], bool]

    def program(self, here: Place, spots: Spots, env: dict[str, str]) -> Program:
        return Program(here, self.name, [sys.executable, "-m", *self.command(here, spots, env)], env)


PARTS = [
    Part("portal", portal, lambda spots, env: answers_http(spots.portal, reachable(spots))),
    Part("executors", executors, lambda spots, env: answers_http(spots.executors, reachable(spots))),
    Part("agent", agent, lambda spots, env: ports.answers(spots.agent)),
    Part("worker", worker, works("main")),
    Part("hsm", hsm, works("hsm")),
    Part("web", web, lambda spots, env: answers_http(spots.web, reachable(spots))),
]
