"""`./run demo [--once]`: every part of the system on this machine, and one purchase walked through it."""

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack

from . import parts, services, tokens
from .places import ROOT, Place, place
from .ports import first_free
from .processes import Program, stop_together
from .say import say, step
from .session import session
from .waiting import NotReady

RESTARTS = 3


def hosts(bound: str) -> list[str]:
    """The names under which a browser may reach us; the first is the one we print."""
    if bound in ("127.0.0.1", "localhost"):
        return ["127.0.0.1", "localhost"]
    return [*(addresses() if bound == "0.0.0.0" else [bound]), "127.0.0.1", "localhost"]  # noqa: S104


def addresses() -> list[str]:
    """This machine's own addresses, the outward one first; nothing is sent."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found.append(probe.getsockname()[0])
        except OSError:
            pass
    return list(dict.fromkeys([*found, socket.gethostname()]))


def environment(here: Place, spots: parts.Spots) -> dict[str, str]:
    origins = [f"http://{host}:{spots.web}" for host in spots.hosts]
    return {
        "PROCUREMENT_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "procurement.settings",
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": here.secret("secret-key"),
        "ALLOWED_HOSTS": ",".join(spots.hosts),
        "MEDIA_ROOT": str(here.media),
        "STATIC_ROOT": str(here.static),  # empty: the finders serve, but WhiteNoise wants it to be there
        "CAKEY_ORIGINS": ",".join(origins),
        "CAKEY_RELAY_URL": f"http://127.0.0.1:{spots.agent}",
        "PORTAL_URL": f"http://127.0.0.1:{spots.portal}",
        "PKCS11_PIN_FILE": str(parts.pin_file(here)),
        "DEMO_SITE": origins[0],
        "DEMO_TRUST": str(parts.trust_folder(here)),
        "DEMO_PORTAL_CONTROL": here.secret("portal-control"),
        **parts.executor_settings(here, spots),
        **tokens.environment(here),
    }


def manage(env: dict[str, str], *words: str, quiet: bool = False) -> int:
    """A management command; when quiet, its output is shown only if it fails."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command,
        env={**os.environ, **env},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        text=True,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
    )
    if quiet and done.returncode:
        raise NotReady(f"manage.py {' '.join(words)}\n{done.stdout}")
    return done.returncode


def bring_up(here: Place, stack: ExitStack, spots: parts.Spots) -> tuple[dict[str, str], list[Program]]:
    env = services.start(here, stack, wheel_first=True, hasty=False) | environment(here, spots)
    with step("数据表 migrate"):
        manage(env, "migrate", "--verbosity", "0", quiet=True)
    with step("机构、人员、证书 demo_world --prepare"):
        manage(env, "demo_world", "--prepare", quiet=True)
    with step("门户、CA 助手、任务进程、网站"):
        programs = [part.program(here, spots, env) for part in parts.PARTS]
        stack.callback(stop_together, programs)
        for program in programs:
            program.start()
        for part, program in zip(parts.PARTS, programs, strict=True):
            program.wait_for(lambda ready=part.ready: ready(spots, env))
    return env, programs


def watch(programs: list[Program]) -> int:
    """Until Ctrl-C; a part that dies is started again, but not for ever."""
    while True:
        time.sleep(1)
        for program in programs:
            if program.running():
                continue
            say(f"{program.name} 已退出 (代码 {program.process.returncode})\n{program.tail(5)}")
            program.restarts += 1
            if program.restarts > RESTARTS:
                return 1
            program.stop()
            program.start()
            say(f"已重新启动 {program.name}")


def main(words: list[str]) -> int:
    bound = os.environ.get("DEMO_HOST", "127.0.0.1")
    here = place("demo")
    with session(here) as stack:
        spots = parts.Spots(
            bound=bound,
            hosts=hosts(bound),
            web=first_free(range(8000, 8100), bound),
            portal=first_free(range(9100, 9200), bound),
            executors=first_free(range(9200, 9300), bound),
            agent=first_free(parts.AGENT_PORTS),
        )
        env, programs = bring_up(here, stack, spots)
        code = manage(env, "demo_world")
        say(f"\n网站      http://{spots.hosts[0]}:{spots.web}/")
        say(f"模拟门户  http://{spots.hosts[0]}:{spots.portal}/")
        say(f"模拟执行  http://{spots.hosts[0]}:{spots.executors}/")
        if "--once" in words:
            return code
        say("按 Ctrl-C 停止\n")
        return watch(programs)
