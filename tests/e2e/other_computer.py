"""Another computer for a browser: a network of its own, joined to this machine by one cable (a veth pair).

Where the kernel gives no network namespace, the other computer is the same machine called 127.0.0.2: a name
no CA agent's list knows, so that whatever listens on the agent's ports there is not the demo's agent either.
"""

import os
import stat
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOLD = ["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec cat"]
REACH = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)"


@dataclass(frozen=True)
class OtherComputer:
    """How it calls this machine, what starts its browser, and whether its network is its own."""

    host: str
    browser: str
    apart: bool


@contextmanager
def other_computer(folder: Path, browser: str, port: int):
    """The network and the cable vanish with the process that holds them, however we end."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(HOLD, **pipes) as holder:
        up = holder.stdout.readline() == b"up\n"
        enter = ["nsenter", f"--net=/proc/{holder.pid}/ns/net"]
        if up and (ours := plugged_in(holder.pid, enter, port)):
            yield OtherComputer(ours, started_by([*enter, browser], folder), apart=True)
        else:
            yield OtherComputer("127.0.0.2", browser, apart=False)


def plugged_in(holder: int, enter: list[str], port: int) -> str:
    """Our address on the cable; nothing where it cannot be laid, or where a firewall cuts it."""
    number = os.getpid()
    near, far = f"gp{number}a", f"gp{number}b"
    network, host = f"10.213.{number >> 6 & 255}", (number & 63) << 2
    ours, theirs = f"{network}.{host + 1}", f"{network}.{host + 2}"
    steps = [
        ["ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", str(holder)],
        ["ip", "address", "add", f"{ours}/30", "dev", near],
        ["ip", "link", "set", near, "up"],
        [*enter, "ip", "address", "add", f"{theirs}/30", "dev", far],
        [*enter, "ip", "link", "set", far, "up"],
        [*enter, sys.executable, "-c", REACH, ours, str(port)],
    ]
    laid = all(subprocess.run(step, capture_output=True).returncode == 0 for step in steps)
    return ours if laid else ""


def started_by(command: list[str], folder: Path) -> str:
    """The browser's executable is one file, so the command becomes one."""
    script = folder / "browser-elsewhere"
    script.write_text(f'#!/bin/sh\nexec {" ".join(command)} "$@"\n')
    script.chmod(stat.S_IRWXU)
    return str(script)
