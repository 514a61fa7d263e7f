"""A software token survives no SIGKILL at its login; so every process logs in to a copy of its own.

SoftHSM2 rewrites token.object in place at each C_Login. A process killed in that moment leaves an empty
file, and the token is lost for good (measured with 2.6.1: within 20 kills). Hardware keeps no such file.
"""

import os
import shutil
from pathlib import Path

PREFIX = "copy-of-process-"


def isolate(module: str) -> None:
    """Point this process at a fresh copy of the tokens; nothing to do for hardware or when it is done."""
    conf = Path(os.environ.get("SOFTHSM2_CONF", ""))
    if "softhsm" not in module or not conf.is_file():
        return
    if conf.parent.name.startswith(PREFIX):  # our own, or inherited from a parent that signed before the fork
        if conf.parent.name == f"{PREFIX}{os.getpid()}":
            return
        conf = conf.parent.parent / conf.name
    os.environ["SOFTHSM2_CONF"] = str(copy(conf))


def copy(conf: Path) -> Path:
    """The configuration of a copy that stands beside the original; copies of the dead are swept away."""
    for stale in conf.parent.glob(f"{PREFIX}*"):
        if not alive(int(stale.name.removeprefix(PREFIX))):
            shutil.rmtree(stale, ignore_errors=True)
    folder = conf.parent / f"{PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o700)
    lines = conf.read_text().splitlines()
    tokens = next(line.partition("=")[2].strip() for line in lines if line.startswith("directories.tokendir"))
    shutil.copytree(tokens, folder / "tokens")
    kept = [line for line in lines if not line.startswith("directories.tokendir")]
    (folder / conf.name).write_text("\n".join([f"directories.tokendir = {folder}/tokens", *kept]) + "\n")
    return folder / conf.name


def alive(process: int) -> bool:
    """Another process; an old copy under our own number is not ours."""
    return process != os.getpid() and Path(f"/proc/{process}").exists()
