"""Where the PIN comes from: the agent's own terminal, the practice page, or a file in tests."""

import os
import select
import termios
import threading
from pathlib import Path
from typing import Protocol

from .errors import AgentError

WARNINGS = {"low": "注意：PIN 曾经输错，剩余次数不多。", "final": "警告：这是最后一次机会，再输错将锁定。"}


class PinPrompt(Protocol):
    """Asks the person for consent and PIN; `place` is told to the page ("agent" or "page")."""

    place: str

    def consent(self, origin: str) -> bool: ...

    def ask(self, lines: list[str], given: str | None, cancelled: threading.Event) -> str: ...

    def agree(self, lines: list[str], cancelled: threading.Event) -> None: ...


class FilePrompt:
    """Tests: the PIN lies in a file (one PIN, or `label=PIN` lines)."""

    place = "agent"

    def __init__(self, path: Path):
        self.path = Path(path)

    def consent(self, origin: str) -> bool:
        return True

    def ask(self, lines, given, cancelled) -> str:
        refuse_given(given)
        return self.path.read_text().strip()

    def agree(self, lines, cancelled) -> None:
        """Tests agree to everything."""


class PagePrompt:
    """Practice and demo: the page sends the PIN over loopback."""

    place = "page"

    def consent(self, origin: str) -> bool:
        return True

    def ask(self, lines, given, cancelled) -> str:
        if not given:
            raise AgentError("AGENT_PIN_INCORRECT")
        return given

    def agree(self, lines, cancelled) -> None:
        """The practice page has shown what it asks for."""


class TerminalPrompt:
    """The agent's own window: shows who asks for what, reads the PIN without echo, can be cancelled."""

    place = "agent"

    def __init__(self, path: str = "/dev/tty"):
        self.path = path
        self.agreed: set[str] = set()

    def consent(self, origin: str) -> bool:
        """Certificates are personal data: one yes per site and run."""
        if (
            origin not in self.agreed
            and self._line([f"网站 {origin} 请求读取证书列表。"], "允许吗？(y/N) ") == "y"
        ):
            self.agreed.add(origin)
        return origin in self.agreed

    def ask(self, lines, given, cancelled) -> str:
        refuse_given(given)
        pin = self._line(lines, "请输入 PIN（直接回车取消）：", cancelled)
        if not pin:
            raise AgentError("AGENT_USER_CANCELLED")
        return pin

    def agree(self, lines, cancelled) -> None:
        """For keys with a pad of their own: the PIN is typed there, the yes is said here."""
        if self._line(lines, "同意后请在 CA-KEY 键盘上输入 PIN。同意吗？(y/N) ", cancelled) != "y":
            raise AgentError("AGENT_USER_CANCELLED")

    def _line(self, lines: list[str], question: str, cancelled: threading.Event | None = None) -> str:
        with open(self.path, "r+b", buffering=0) as terminal:
            before = termios.tcgetattr(terminal)
            quiet = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
            termios.tcsetattr(terminal, termios.TCSAFLUSH, quiet)
            try:
                terminal.write("\r\n".join(["", *lines, question]).encode())
                return read_line(terminal.fileno(), cancelled)
            finally:
                termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
                terminal.write(b"\r\n")


def read_line(descriptor: int, cancelled: threading.Event | None) -> str:
    """One line; a cancel from the page ends the wait within a fifth of a second."""
    while not select.select([descriptor], [], [], 0.2)[0]:
        if cancelled is not None and cancelled.is_set():
            raise AgentError("AGENT_USER_CANCELLED")
    return os.read(descriptor, 256).decode(errors="replace").strip()


def refuse_given(given: str | None) -> None:
    """A PIN typed into a page is not taken where the agent asks for itself."""
    if given is not None:
        raise AgentError("AGENT_BAD_JSON")
