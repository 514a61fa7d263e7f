"""`./run manual [3.5 …]`: walks 操作手册 in a real browser; writes its text, pictures and pages anew."""

import os

from . import tests


def main(words: list[str]) -> int:
    os.environ["MANUAL"] = "write"  # tests/e2e/manual then writes down what it walks
    chosen = ["-k", " or ".join(f"walked and [chromium-{word}]" for word in words)] if words else []
    return tests.main(["tests/e2e/manual/test_manual.py", "-n0", "-p", "no:randomly", *chosen])
