"""`./run doctor`: versions, what is chosen, what runs, what is missing."""

import os
import platform
import shutil
import subprocess

from . import broker, postgres, tokens
from .disguise import disguise
from .places import VAR, Place
from .ports import is_free
from .processes import leftovers
from .say import say

AGENT_PORTS = range(24815, 24820)


def version(command: str, *words: str) -> str:
    path = shutil.which(command)
    if not path:
        return "缺少"
    done = subprocess.run([path, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return ((done.stdout or done.stderr).strip().splitlines() or ["?"])[0]


def programs() -> list[tuple[str, str]]:
    servers = [f"{found.major} ({found.folder})" for found in postgres.of_machine() + postgres.of_wheel()]
    queues = [str(path) for path in broker.of_machine() + broker.of_wheel()]
    module = tokens.module()
    return [
        ("Python", platform.python_version()),
        ("PostgreSQL", "; ".join(servers) or "缺少"),
        ("消息队列", "; ".join(queues) or "缺少"),
        ("PKCS#11", module if os.path.exists(module) else f"缺少 {module}"),
        ("Chromium", version(os.environ.get("CHROMIUM", "chromium"), "--version")),
        ("pkcs11-tool", shutil.which("pkcs11-tool") or "缺少"),
        ("openssl", version("openssl", "version")),
        ("pdftotext", version("pdftotext", "-v")),
    ]


def surroundings() -> list[tuple[str, str]]:
    ports = [8000, 9100, *AGENT_PORTS, 5432, 6379]
    return [
        ("身份", f"uid {os.getuid()}; PostgreSQL 前缀: {' '.join(disguise()[0]) or '无'}"),
        ("DATABASE_URL", "已给出" if os.environ.get("DATABASE_URL") else "未给出, 用自带的数据库"),
        ("REDIS_URL", "已给出" if os.environ.get("REDIS_URL") else "未给出, 用自带的消息队列"),
        ("端口", " ".join(f"{port}{'空' if is_free(port) else '占'}" for port in ports)),
    ]


def running(name: str) -> str:
    home = VAR / name
    if not home.is_dir():
        return "未用过"
    here = Place(home).prepare()
    alive = [f"{part}={record.pid}" for part, record in leftovers(here) if record.alive()]
    return f"{' '.join(alive) or '没有进程'}; 套接字 {here.sockets()}"


def main(words: list[str]) -> int:
    rows = (
        programs() + surroundings() + [(f"var/{name}", running(name)) for name in ("demo", "test", "bench")]
    )
    for name, text in rows:
        say(f"{name:<14}{text}")
    return 0
