"""`python -m tests.bench [W1 W2 W5 W6 PLAN FILE STAT]`: run benches against the environment's servers."""

import os
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
    os.environ |= {"PROCUREMENT_MODE": "demo", "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
    from . import ground, paper
    from .measure import SMALL, Failed, say

    began, failed = time.monotonic(), []
    for name in wanted:
        ground.fresh()
        try:
            report = import_module(f"tests.bench.{name.lower()}").run()
        except Failed as problem:
            failed.append(name)
            say(f"{name} FAILED: {problem}")
        else:
            if SMALL:
                say(f"{name}: a short run (BENCH_SMALL), printed and not kept")
            else:
                paper.keep(report)
            print("\n".join([paper.table(report), *report.facts]), flush=True)
    ending = f"failed: {' '.join(failed)}" if failed else "every check held"
    say(f"{' '.join(wanted)}: {time.monotonic() - began:.0f} s; {ending}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
