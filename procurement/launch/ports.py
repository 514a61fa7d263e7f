"""Free TCP ports: the usual one, or the next."""

import socket
from collections.abc import Iterable

from .waiting import NotReady


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError:
            return False
    return True


def first_free(candidates: Iterable[int], host: str = "127.0.0.1") -> int:
    for port in candidates:
        if is_free(port, host):
            return port
    raise NotReady("没有空闲端口")


def answers(port: int, host: str = "127.0.0.1") -> bool:
    with socket.create_connection((host, port), timeout=2):
        return True
