"""What the agent does, whatever carries the question: `Agent.handle(command, origin, arguments)`."""

import base64
import threading
import time
from collections import defaultdict, deque

import pkcs11
from pkcs11 import TokenFlag

from . import VERSION, decisions
from .errors import AgentError
from .keys import Holding, Keys, base64_text, describe, hash_for, pin_state, serial_tail
from .prompts import WARNINGS, PinPrompt

SHORTEST_NONCE, LONGEST_NONCE = 44, 128
PIN_LENGTH = range(1, 65)
MOST = 50  # decisions in one window


class Agent:
    """One certificate key user, one operation at a time."""

    def __init__(self, keys: Keys, prompt: PinPrompt, *, per_minute: int = 10, clock=time.monotonic):
        self.keys = keys
        self.prompt = prompt
        self.limit = RateLimit(per_minute, clock)
        self.busy = threading.Lock()
        self.cancelled = threading.Event()
        self.last_tokens: list[dict] = []
        self.commands = {
            "certificates": self.certificates, "authenticate": self.authenticate, "sign": self.sign
        }  # fmt: skip

    def handle(self, command: str, origin: str, arguments: dict) -> dict:
        """`origin` comes from the transport (the browser's header), never from the arguments."""
        if command == "status":
            return self.status()
        if command == "cancel":
            self.cancelled.set()
            return {}
        if command not in self.commands:
            raise AgentError("AGENT_NOT_FOUND")
        if not self.busy.acquire(blocking=False):
            raise AgentError("AGENT_BUSY")  # not counted: the page asks again by itself
        try:
            self.limit.count(command, origin)
            self.cancelled.clear()
            return self.commands[command](origin, arguments)
        finally:
            self.busy.release()

    def status(self) -> dict:
        """Which tokens are there; during an operation the last answer, for the module is not ours then."""
        if self.busy.acquire(blocking=False):
            try:
                self.last_tokens = [describe_token(token) for token in self.keys.tokens()]
            finally:
                self.busy.release()
        return {
            "version": VERSION, "formats": ["web-eid:1.0"], "ops": [*self.commands, "cancel"],
            "pin": self.prompt.place, "tokens": self.last_tokens,
        }  # fmt: skip

    def certificates(self, origin: str, arguments: dict) -> dict:
        purpose = text(arguments, "purpose", "auth")
        if purpose not in ("auth", "sign"):
            raise AgentError("AGENT_BAD_JSON")
        if not self.prompt.consent(origin):
            raise AgentError("AGENT_USER_CANCELLED")
        return {"certificates": [describe(holding) for holding in self.keys.holdings(purpose)]}

    def authenticate(self, origin: str, arguments: dict) -> dict:
        """A web-eid:1.0 token over the browser's origin and the server's nonce."""
        nonce = read_nonce(arguments)
        holding = self.keys.find(text(arguments, "certificateId"))
        algorithm = holding.algorithm
        data = hash_for(algorithm, origin.encode()) + hash_for(algorithm, nonce.encode())
        lines = [f"网站：{origin}", "操作：登录", f"证书：{describe(holding)['subject']}"]
        return {
            "unverifiedCertificate": base64_text(holding.der),
            "algorithm": algorithm,
            "signature": base64_text(self._signature(holding, data, lines, text(arguments, "pin"))),
            "format": "web-eid:1.0",
            "appVersion": f"ca-agent/{VERSION}",
        }

    def sign(self, origin: str, arguments: dict) -> dict:
        """Signatures over decisions' CMS attributes, which must say what the person is shown.

        Several `decisions` are one operation: one window with the list and the sum, one PIN.
        """
        asked = rows(arguments, "decisions") if "decisions" in arguments else [arguments]
        texts = [text(one, "content") for one in asked]
        contents = [decisions.read(one, origin) for one in texts]
        holding = self.keys.find(text(arguments, "certificateId"), "sign")
        attributes = [binary(one, "signedAttributes") for one in asked]
        for said, shown in zip(attributes, texts, strict=True):
            decisions.check(said, shown, holding.der, f"sha{holding.algorithm[2:]}")
        lines = [f"网站：{origin}", *decisions.all_lines(contents, texts)]
        lines.append(f"证书：{describe(holding)['subject']}")
        made = self._signatures(holding, attributes, lines, text(arguments, "pin"))
        answers = [{"signature": base64_text(one), "signatureAlgorithm": holding.algorithm} for one in made]
        return {"signatures": answers} if "decisions" in arguments else answers[0]

    def _signature(self, holding: Holding, data: bytes, lines: list[str], given: str | None) -> bytes:
        return self._signatures(holding, [data], lines, given)[0]

    def _signatures(
        self, holding: Holding, data: list[bytes], lines: list[str], given: str | None
    ) -> list[bytes]:
        """One for each of `data`, all after one consent."""
        token = self.keys.token_of(holding)
        state = pin_state(token)
        if state == "locked":
            raise AgentError("AGENT_PIN_LOCKED")
        if token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH:
            self.prompt.agree(lines, self.cancelled)  # the key's own pad shows no site and no document
            pin = pkcs11.PROTECTED_AUTH
        else:
            warning = [WARNINGS[state]] if state in WARNINGS else []
            pin = self.prompt.ask([*lines, *warning], given, self.cancelled)
            if len(pin) not in PIN_LENGTH:
                raise AgentError("AGENT_PIN_INCORRECT")
        return self._sign_once(holding, data, pin)

    def _sign_once(self, holding: Holding, data: list[bytes], pin) -> list[bytes]:
        """A wrong PIN is never tried again by itself; the answer says how many tries are known to be left."""
        try:
            return self.keys.sign(holding, data, pin)
        except AgentError as error:
            if error.code == "AGENT_PIN_INCORRECT":
                state = pin_state(self.keys.token_of(holding))
                if state == "locked":
                    raise AgentError("AGENT_PIN_LOCKED") from error
                raise AgentError(
                    "AGENT_PIN_INCORRECT", **({"tries": 1} if state == "final" else {})
                ) from error
            raise


class RateLimit:
    """So many operations of one kind per minute and site."""

    def __init__(self, per_minute: int, clock):
        self.per_minute, self.clock = per_minute, clock
        self.times = defaultdict(deque)

    def count(self, command: str, origin: str) -> None:
        times, now = self.times[command, origin], self.clock()
        while times and times[0] <= now - 60:
            times.popleft()
        if len(times) >= self.per_minute:
            raise AgentError("AGENT_RATE_LIMITED")
        times.append(now)


def text(arguments: dict, name: str, default: str | None = None) -> str | None:
    value = arguments.get(name, default)
    if value is not None and not isinstance(value, str):
        raise AgentError("AGENT_BAD_JSON")
    return value


def rows(arguments: dict, name: str) -> list[dict]:
    found = arguments[name]
    if (
        not isinstance(found, list)
        or not 0 < len(found) <= MOST
        or not all(isinstance(one, dict) for one in found)
    ):
        raise AgentError("AGENT_BAD_JSON")
    return found


def binary(arguments: dict, name: str) -> bytes:
    try:
        return base64.b64decode(text(arguments, name) or "", validate=True)
    except ValueError as error:
        raise AgentError("AGENT_BAD_JSON") from error


def read_nonce(arguments: dict) -> str:
    """At least 256 bits, as base64 text; the text is what gets signed."""
    nonce = text(arguments, "challengeNonce") or ""
    try:
        strong = len(base64.b64decode(nonce, validate=True)) >= 32
    except ValueError:
        strong = False
    if not strong or not SHORTEST_NONCE <= len(nonce) <= LONGEST_NONCE:
        raise AgentError("AGENT_BAD_NONCE")
    return nonce


def describe_token(token: pkcs11.Token) -> dict:
    """Enough to tell keys apart; a whole serial number names a person's device, so only its tail."""
    return {"label": token.label, "serial_tail": serial_tail(token.serial), "flags": [pin_state(token)]}
