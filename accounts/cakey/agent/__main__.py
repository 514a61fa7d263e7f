"""`python -m accounts.cakey.agent`: start the CA helper."""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

from . import PORTS
from .core import Agent
from .errors import AgentError
from .http import listen, serve
from .keys import Keys
from .origins import Origins
from .prompts import FilePrompt, PagePrompt, PinPrompt, TerminalPrompt

DEFAULT_MODULE = "/usr/lib/softhsm/libsofthsm2.so"


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ca-agent", description=__doc__)
    add = parser.add_argument
    add("--module", default=os.environ.get("PKCS11_MODULE", DEFAULT_MODULE), help="PKCS#11 module of the key")
    add("--port", type=int, action="append", help="instead of 24815-24819; 0 takes any free one")
    add("--origin", action="append", default=[], help="a web site that may ask (repeat)")
    add("--origins", type=Path, help="file with one such site per line")
    add("--practice-origin", action="append", default=[], help="a practice site (repeat); http allowed")
    add("--dev", action="store_true", help="allow http sites on loopback")
    add("--pin-from-page", action="store_true", help="practice and demo: the page sends the PIN")
    add("--test-mode", metavar="PIN_FILE", type=Path, help="tests: take the PIN from this file")
    add("--terminal", default="/dev/tty", help="where the PIN is asked for")
    add("--per-minute", type=int, default=10, help="operations of one kind per minute and site")
    return parser.parse_args(argv)


def read_origins(options: argparse.Namespace) -> Origins:
    listed = list(options.origin)
    if options.origins:
        lines = (line.strip() for line in options.origins.read_text().splitlines())
        listed += [line for line in lines if line and not line.startswith("#")]
    origins = Origins(listed, dev=options.dev, practice=options.practice_origin)
    if options.pin_from_page and origins.real_sites():
        raise ValueError(f"--pin-from-page is refused for {', '.join(origins.real_sites())}")
    return origins


def choose_prompt(options: argparse.Namespace) -> PinPrompt:
    if options.pin_from_page and options.test_mode:
        raise ValueError("--pin-from-page and --test-mode exclude each other")
    if options.pin_from_page:
        return PagePrompt()
    return FilePrompt(options.test_mode) if options.test_mode else TerminalPrompt(options.terminal)


def main(argv: list[str] | None = None) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    options = arguments(argv)
    try:
        origins = read_origins(options)
        agent = Agent(Keys(options.module), choose_prompt(options), per_minute=options.per_minute)
        servers = listen(agent, origins, options.port or PORTS)
    except (ValueError, OSError, AgentError) as error:
        print(f"ca-agent: {error}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"ca-agent http://127.0.0.1:{servers[0].port} pin={agent.prompt.place}", flush=True)
    serve(servers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
