"""PostgreSQL refuses to run as root: there, run it so that it sees another user; else change nothing."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

NOBODY = 65534


@cache
def disguise() -> tuple[tuple[str, ...], int | None]:
    """(words to put before a command, uid that must own its files or None for "as they are").

    1. a user namespace: files stay root's; refused in a chroot and in most containers;
    2. setpriv to nobody, who keeps the right to walk through closed folders (a checkout in a 0700 home).
    """
    if os.geteuid() != 0:
        return (), None
    namespace = ("unshare", "--user", f"--map-user={NOBODY}")
    if _works(namespace):
        return namespace, 0
    plain = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    walking = (*plain, "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override")
    return (walking if _works(walking) else plain), NOBODY


def _works(prefix: tuple[str, ...]) -> bool:
    if not shutil.which(prefix[0]):
        return False
    done = subprocess.run([*prefix, "true"], capture_output=True, stdin=subprocess.DEVNULL)
    return done.returncode == 0


def give(folder: Path, uid: int | None) -> None:
    """Make `uid` the owner of a folder tree; nothing happens when it already is."""
    if uid is None or folder.stat().st_uid == uid:
        return
    for path, _folders, files in os.walk(folder):
        os.chown(path, uid, -1)
        for name in files:
            os.chown(os.path.join(path, name), uid, -1, follow_symlinks=False)
