"""`./run check`: lint, format, migrations complete, production settings safe, locks without addresses."""

import os
import subprocess
import sys

from .places import ROOT
from .say import say, step

PRODUCTION = {
    "PROCUREMENT_MODE": "production",
    "SECRET_KEY": "".join(chr(33 + 7 * i % 90) for i in range(64)),
    "ALLOWED_HOSTS": "procurement.example",
    "CAKEY_ORIGINS": "https://procurement.example",
    "PORTAL_URL": "https://portal.example",
    "DATABASE_URL": "postgresql:///procurement?host=/nonexistent",  # no check here may need a server
    "REDIS_URL": "redis+socket:///nonexistent/redis.sock",
}
DEPLOY = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
STEPS = [
    ("代码检查 ruff check", ["-m", "ruff", "check", "."], {}),
    ("代码格式 ruff format", ["-m", "ruff", "format", "--check", "."], {}),
    (
        "迁移齐全 makemigrations --check",
        ["-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"],
        {**PRODUCTION, "PROCUREMENT_MODE": "test"},
    ),
    ("生产配置 check --deploy", DEPLOY, PRODUCTION),
]


def addresses_in_locks() -> list[str]:
    """Lines of requirements/ that name a host: a lock must serve from whatever registry is at hand."""
    found = []
    for path in sorted((ROOT / "requirements").iterdir()):
        lines = path.read_text().splitlines()
        found += [f"{path.name}:{n}: {line}" for n, line in enumerate(lines, 1) if "://" in line]
    return found


def run(text: str, words: list[str], extra: dict[str, str]) -> bool:
    clean = {key: value for key, value in os.environ.items() if key not in ("CAKEY_RELAY_URL",)}
    with step(text):
        done = subprocess.run(
            [sys.executable, *words],
            env={**clean, **extra},
            cwd=ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
    if done.returncode:
        say(done.stdout + done.stderr)
    return done.returncode == 0


def main(words: list[str]) -> int:
    results = [run(*one) for one in STEPS]
    with step("锁文件不含地址"):
        found = addresses_in_locks()
    for line in found:
        say(line)
    good = all(results) and not found
    say("全部通过" if good else "有未通过的检查")
    return 0 if good else 1
