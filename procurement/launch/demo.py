"""`./run demo [--once]`: every part of the system on this machine, and one purchase walked through it."""

import os
import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from procurement import clock

from . import parts, services, tokens
from .places import ROOT, Place, place
from .ports import first_free
from .processes import Program, stop_together
from .say import say, step
from .session import session
from .waiting import NotReady
from .watch import Watch


def listening_address() -> str:
    """DEMO_HOST: this machine only unless it says otherwise, for everybody knows the demo's PINs."""
    bound = os.environ.get("DEMO_HOST", "").strip() or parts.LOOPBACK
    with socket.socket(socket.AF_INET) as attempt:
        try:
            attempt.bind((bound, 0))
        except (OSError, UnicodeError):
            raise NotReady(f"DEMO_HOST={bound} 不是本机的 IPv4 地址; 对所有网卡开放请写 0.0.0.0") from None
    return bound


def hosts(bound: str) -> list[str]:
    """The names under which a browser may reach us; the first is the one we print."""
    outward = addresses() if bound == parts.EVERYWHERE else [bound]
    return list(dict.fromkeys([*outward, parts.LOOPBACK, "localhost"]))


def addresses() -> list[str]:
    """This machine's own addresses, the outward one first; nothing is sent."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found.append(probe.getsockname()[0])
        except OSError:  # a network without a way out
            pass
    local = re.findall(r"\|-- (\S+)\n\s+/32 host LOCAL", Path("/proc/net/fib_trie").read_text())
    others = [address for address in local if not address.startswith("127.")]
    return list(dict.fromkeys([*found, *others, socket.gethostname()]))


def environment(here: Place, spots: parts.Spots, *, practice: bool = False) -> dict[str, str]:
    origins = [f"http://{host}:{spots.web}" for host in spots.hosts]
    return {
        "PROCUREMENT_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "procurement.settings",
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": here.secret("secret-key"),
        # open to all, it may be reached under names only others know: a forwarded port, a container's host
        "ALLOWED_HOSTS": "*" if spots.bound == parts.EVERYWHERE else ",".join(spots.hosts),
        "MEDIA_ROOT": str(here.media),
        "STATIC_ROOT": str(here.static),  # empty: the finders serve, but WhiteNoise wants it to be there
        "CAKEY_ORIGINS": ",".join(origins),
        "CAKEY_RELAY_URL": f"http://127.0.0.1:{spots.agent}",
        "PORTAL_URL": f"http://{parts.reachable(spots)}:{spots.portal}",
        "PORTAL_PUBLIC_URL": f"http://{spots.hosts[0]}:{spots.portal}",
        "PKCS11_PIN_FILE": str(parts.pin_file(here)),
        "DEMO_SITE": origins[0],
        "DEMO_TRUST": str(parts.trust_folder(here)),
        "DEMO_PORTAL_CONTROL": here.secret("portal-control"),
        **(practising(here) if practice else {}),
        **parts.executor_settings(here, spots),
        **tokens.environment(here),
    }


def practising(here: Place) -> dict[str, str]:
    """The practice world's own clock: the file says how many days it is ahead of the machine."""
    days = here.home / "days-ahead"
    if not days.exists():
        days.write_text("0")
    return {"PRACTICE": "1", clock.VARIABLE: str(days)}


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


def bring_up(
    here: Place, stack: ExitStack, spots: parts.Spots, *, practice: bool = False
) -> tuple[dict[str, str], list[Program]]:
    env = services.start(here, stack, wheel_first=True, hasty=False) | environment(
        here, spots, practice=practice
    )
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


def closing(spots: parts.Spots) -> list[str]:
    """Where to look, and how a browser on another computer comes in."""
    site = f"http://{spots.hosts[0]}:{spots.web}/"
    lines = [f"网站      {site}", f"模拟门户  http://{spots.hosts[0]}:{spots.portal}/"]
    lines.append(f"模拟执行  http://{spots.hosts[0]}:{spots.executors}/")
    if spots.hosts[0] in (parts.LOOPBACK, "localhost"):
        lines.append("其他电脑  现在只有本机能打开. 演示 PIN 人人皆知, 只在可信的网络里开放; 开放的命令:")
        return [*lines, f"            DEMO_HOST={parts.EVERYWHERE} ./run demo"]
    lines.append(f"其他电脑  浏览器打开 {site} 即可选证书、输 PIN 登录, 那台电脑不用装 CA 助手")
    return [*lines, "          (练习密钥在本机, PIN 经本站转给本机的 CA 助手; 仅演示如此, 正式系统拒绝启动)"]


def main(words: list[str]) -> int:
    bound = listening_address()
    practice = "--practice" in words
    here = place("practice" if practice else "demo")
    with session(here) as stack:
        spots = parts.Spots(
            bound=bound,
            hosts=hosts(bound),
            web=first_free(range(8000, 8100), bound),
            portal=first_free(range(9100, 9200), bound),
            executors=first_free(range(9200, 9300), bound),
            agent=first_free(parts.AGENT_PORTS),
        )
        env, programs = bring_up(here, stack, spots, practice=practice)
        watch = Watch(programs)
        stack.callback(watch.end)
        watch.start()
        code = manage(env, "demo_world")
        say("\n" + "\n".join(closing(spots)))
        if practice:
            say(f"练习清单  http://{spots.hosts[0]}:{spots.web}/practice/  一个工作日按一分钟计")
        if "--once" in words:
            return code
        say("按 Ctrl-C 停止\n")
        return watch.wait()
