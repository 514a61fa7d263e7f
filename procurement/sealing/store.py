"""Files of sealed papers: written whole or not at all, in a folder of the paper's own."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from django.core.files.storage import default_storage

RENDERED = "rendered.pdf"


def folder(paper) -> str:
    """By year and random code: no name a user typed reaches the disk."""
    return f"sealed/{paper.ordered_at:%Y}/{paper.verify_code}"


def signed_name(paper) -> str:
    """One name per claim, so that no two workers ever write to the same file."""
    return f"{folder(paper)}/signed-{paper.fence}.pdf"


def write(name: str, content: bytes) -> None:
    """Whole and on the disk before it bears its name."""
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def rendering(paper) -> bytes | None:
    """The unsigned rendering, if it is there."""
    try:
        return Path(default_storage.path(f"{folder(paper)}/{RENDERED}")).read_bytes()
    except FileNotFoundError:
        return None


def keep_only(paper, name: str) -> None:
    """Remove what earlier steps and interrupted claims left beside the file that counts."""
    for path in Path(default_storage.path(folder(paper))).iterdir():
        if path.name != Path(name).name:
            with suppress(FileNotFoundError):
                path.unlink()


def discard(paper) -> bool:
    """Remove all there is of a paper no file of which counts; was there anything."""
    path = Path(default_storage.path(folder(paper)))
    there = path.is_dir()
    if there:
        shutil.rmtree(path)
    return there
