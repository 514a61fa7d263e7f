"""The findings as a table on the screen and in docs/bench.md; each bench's last run is kept."""

import json
import os
import platform
import sys
import time
from importlib.metadata import version

from .measure import Report
from .programs import HOME, ROOT

HEAD = ["work", "against", "ours /s", "theirs /s", "ratio", "spread", "goal", ""]
DOCUMENT = ROOT / "docs/bench.md"
METHOD = """# Benches

`./run bench` runs them all, `./run bench W2` one of them. They are programs in `tests/bench`, not tests: each
starts what it needs on a database of its own with durable commits (`fsync` on), as `./run demo` starts it.

**Method.** The variants of a line run interleaved in one process (A B B A A B …), {repetitions}
repetitions. The ratio is the median of the ratios of the single repetitions, the spread its smallest
and largest value. Client, application and database share the machine's cores, and another run's
absolute figures differ by up to 2 ×: only ratios count. If a correctness check fails, the run fails and
writes nothing. `BENCH_SMALL=1 ./run bench FILE STAT` is a short run that only shows whether a bench still
works: two repetitions, few rows, printed and not kept. Written by the benches; do not edit by hand.
"""


def keep(report: Report) -> None:
    """Remember this bench's figures and write the document from the last run of each."""
    store = HOME / "results"
    store.mkdir(parents=True, exist_ok=True)
    (store / f"{report.name}.json").write_text(json.dumps({"text": section(report)}, ensure_ascii=False))
    kept = {path.stem: json.loads(path.read_text())["text"] for path in store.glob("*.json")}
    texts = [kept[name] for name in sorted(kept, key=lambda name: (name == "PLAN", name))]
    from .measure import REPETITIONS

    DOCUMENT.write_text("\n".join([METHOD.format(repetitions=REPETITIONS), *texts]))


def section(report: Report) -> str:
    lines = [f"## {report.name} {report.title}", "", f"{time.strftime('%F %H:%M')}, {machine()}.", ""]
    lines += [table(report), "", *(f"- {fact}" for fact in report.facts)]
    lines += ["", *(f"- {note}" for note in report.notes)] if report.notes else []
    return "\n".join(lines) + "\n"


def table(report: Report) -> str:
    rows = [
        HEAD,
        ["---", "---", "--:", "--:", "--:", "--:", "--:", "---"],
        *(row.cells() for row in report.rows),
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def machine() -> str:
    """Cores, processor, versions."""
    from .ground import value

    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "psycopg", "gunicorn", "celery"))
    postgres = value("SHOW server_version").split()[0]
    return (
        f"{os.cpu_count()} cores {processor()}, Python {platform.python_version()}, "
        f"PostgreSQL {postgres}, {packages}; load average {os.getloadavg()[1]:.1f}"
    )


def processor() -> str:
    if sys.platform == "linux":
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return f"({line.partition(':')[2].strip()})"
    return platform.machine()
