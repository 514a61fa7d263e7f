"""`python -m tests.bench [W1 W2 W5 W6 PLAN FILE STAT]`: run benches against the environment's servers."""

import os
import subprocess
import sys
import time
from importlib import import_module

BENCHES = ["W1", "W2", "W5", "W6", "PLAN", "FILE", "STAT"]


def main(words: list[str]) -> int:
    wanted = [word.removeprefix("W=").upper() for word in words] or BENCHES
    wanted = ["W" + word if word.isdecimal() else word for word in wanted]
    if unknown := [word for word in wanted if word not in BENCHES]:
        print(f"no such bench: {' '.join(unknown)}; there are {' '.join(BENCHES)}", file=sys.stderr)
        return 2
    if len(wanted) > 1:  # a process each: connections one leaves open never meet the next one's forks
        return max(subprocess.run([sys.executable, "-m", "tests.bench", name]).returncode for name in wanted)
    os.environ |= {"PROCUREMENT_MODE": "demo", "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
    from . import ground, paper
    from .measure import SMALL, Failed, say

    [name] = wanted
    began, ending = time.monotonic(), "every check held"
    ground.fresh()
    try:
        report = import_module(f"tests.bench.{name.lower()}").run()
    except Failed as problem:
        ending = f"FAILED: {problem}"
    else:
        if SMALL:
            say(f"{name}: a short run (BENCH_SMALL), printed and not kept")
        else:
            paper.keep(report)
        print("\n".join([paper.table(report), *report.facts]), flush=True)
    say(f"{name}: {time.monotonic() - began:.0f} s; {ending}")
    return int(ending.startswith("FAILED"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
