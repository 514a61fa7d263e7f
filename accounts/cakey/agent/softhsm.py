"""A software token survives no SIGKILL at its login; so every process logs in to a copy of its own.

SoftHSM2 rewrites token.object in place at each C_Login. A process killed in that moment leaves an empty
file, and the token is lost for good (measured with 2.6.1: within 20 kills). Hardware keeps no such file.
The agent ships alone, so what it shares with the server's signer lies in its folder.
"""

import os
import shutil
from pathlib import Path

PREFIX = "copy-of-process-"
SEEN: dict[Path, tuple] = {}  # what each copied token looked like in the original


def isolate(module: str) -> None:
    """Point this process at its copy of the tokens, as they are now; nothing to do for hardware.

    Call it only while no session is open: a token that was changed, pulled or plugged in is copied afresh.
    """
    conf = Path(os.environ.get("SOFTHSM2_CONF", ""))
    if "softhsm" not in module or not conf.is_file():
        return
    if conf.parent.name.startswith(PREFIX):  # our own, or inherited from a parent that signed before the fork
        conf = conf.parent.parent / conf.name
    tokens = token_folder(conf)
    mine = conf.parent / f"{PREFIX}{os.getpid()}"
    if os.environ["SOFTHSM2_CONF"] != str(mine / conf.name):
        begin(mine, conf)
    follow(tokens, mine / "tokens")


def token_folder(conf: Path) -> Path:
    lines = conf.read_text().splitlines()
    return Path(
        next(line.partition("=")[2].strip() for line in lines if line.startswith("directories.tokendir"))
    )


def begin(mine: Path, conf: Path) -> None:
    """An empty copy beside the original; copies of the dead are swept away."""
    for stale in conf.parent.glob(f"{PREFIX}*"):
        if not alive(int(stale.name.removeprefix(PREFIX))):
            shutil.rmtree(stale, ignore_errors=True)
    SEEN.clear()
    (mine / "tokens").mkdir(mode=0o700, parents=True)
    mine.chmod(0o700)
    kept = [line for line in conf.read_text().splitlines() if not line.startswith("directories.tokendir")]
    (mine / conf.name).write_text("\n".join([f"directories.tokendir = {mine}/tokens", *kept]) + "\n")
    os.environ["SOFTHSM2_CONF"] = str(mine / conf.name)


def follow(tokens: Path, copies: Path) -> None:
    """The copy holds the tokens of the original; what only our own logins wrote is kept."""
    now = {path: looks(path) for path in tokens.iterdir() if path.is_dir()} if tokens.is_dir() else {}
    for path in [path for path in SEEN if SEEN[path] != now.get(path)]:
        shutil.rmtree(copies / path.name)
        del SEEN[path]
    for path in now.keys() - SEEN.keys():
        try:
            shutil.copytree(path, copies / path.name)
            SEEN[path] = now[path]
        except OSError:  # pulled out while we copied: the next look finds it as it is then
            shutil.rmtree(copies / path.name, ignore_errors=True)


def looks(token: Path) -> tuple:
    """Names, times and sizes of a token's files; nothing when it has just been pulled out."""
    try:
        found = {entry.name: entry.stat() for entry in os.scandir(token)}
    except FileNotFoundError:
        return ()
    return tuple((name, found[name].st_mtime_ns, found[name].st_size) for name in sorted(found))


def alive(process: int) -> bool:
    """Another process; an old copy under our own number is not ours."""
    return process != os.getpid() and Path(f"/proc/{process}").exists()
