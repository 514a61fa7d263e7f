"""Where a run keeps its things."""

import os
import socket
import stat
import subprocess
import sys

import pytest

from procurement.launch.places import ROOT, Place, PlaceTaken


def bind(folder):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / ".s.PGSQL.5432"))


def test_sockets_lie_inside_a_shallow_place(tmp_path_factory):
    home = tmp_path_factory.mktemp("p")
    assert Place(home).sockets() == home / "s"


@pytest.mark.parametrize("name", ["deep/" * 30, "with a space", "采购", "quote'"])
def test_sockets_of_an_awkward_place_lie_in_a_short_private_folder(tmp_path, name):
    home = tmp_path / name
    home.mkdir(parents=True)
    folder = Place(home).sockets()
    try:
        assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 108
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert Place(home).sockets() == folder
        bind(folder)
    finally:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def test_two_deep_places_share_no_folder(tmp_path):
    folders = set()
    for name in ("a" * 100, "b" * 100):
        (tmp_path / name).mkdir()
        folders.add(Place(tmp_path / name).sockets())
    for folder in folders:
        folder.rmdir()
    assert len(folders) == 2


def test_a_link_in_the_place_of_the_socket_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "s").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        Place(tmp_path).sockets()


def test_a_secret_is_made_once_and_private(place):
    first = place.secret("secret-key")
    assert len(first) > 50
    assert place.secret("secret-key") == first
    assert stat.S_IMODE((place.home / "secret-key").stat().st_mode) == 0o400


HOLD = """
import pathlib, signal, sys
from procurement.launch.places import Place
place = Place(pathlib.Path(sys.argv[1]))
place.take()
print("held", flush=True)
signal.pause()
"""


@pytest.fixture
def holder(place):
    command = [sys.executable, "-c", HOLD, str(place.home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_place_is_held_by_one_run_and_free_again_after_a_kill(place, holder):
    with pytest.raises(PlaceTaken):
        place.take()
    holder.kill()
    holder.wait()
    place.take()
    place.release()
