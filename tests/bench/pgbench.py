"""One SQL statement from sixteen connections by PostgreSQL's own load generator."""

import re
import shutil
import subprocess
from pathlib import Path

from .ground import conninfo
from .measure import Failed
from .programs import HOME

FOUND = shutil.which("pgbench") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/pgbench")), "")


def script(name: str, text: str) -> Path:
    path = HOME / f"pgbench/{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def rate(path: Path, seconds: int, clients: int = 16) -> float:
    """Transactions a second; a failed one fails the run."""
    if not FOUND:
        raise Failed("pgbench is not installed (package postgresql)")
    command = [
        FOUND,
        "-n",
        "-M",
        as_django_does() if path.name.startswith("asked") else "prepared",
        "-c",
        str(clients),
        "-j",
        "2",
        "-T",
        str(seconds),
    ]
    done = subprocess.run(
        [*command, "-f", str(path), conninfo()], capture_output=True, text=True, check=False
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found or "number of failed transactions: 0 " not in done.stdout:
        raise Failed(f"pgbench: {done.stdout}{done.stderr}")
    return float(found[1])


def as_django_does() -> str:
    """Whether the project's connections prepare their statements."""
    from django.conf import settings

    options = settings.DATABASES["default"]["OPTIONS"]
    bound = options.get("server_side_binding") and options.get("prepare_threshold") is not None
    return "prepared" if bound else "simple"
