"""`./run test [arguments]`: pytest against servers of its own under var/test/."""

import sys

from . import services, tokens
from .places import Place, place
from .processes import foreground
from .session import session


def bytecode(here: Place) -> dict[str, str]:
    """Where none may lie beside the sources, every process of the tests would compile all of Django anew."""
    if not sys.dont_write_bytecode:
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(here.home / "bytecode")}


def environment(here: Place) -> dict[str, str]:
    return {
        "PROCUREMENT_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "procurement.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's synchronous face runs a loop in the test's thread
        "MEDIA_ROOT": str(here.media),
        "STATIC_ROOT": str(here.static),  # empty: the finders serve, but WhiteNoise wants it to be there
        **tokens.environment(here),
        **bytecode(here),
    }


def pytest_command(words: list[str]) -> list[str]:
    parallel = any(word.startswith(("-n", "--numprocesses", "--pdb", "--co")) for word in words)
    return [sys.executable, "-m", "pytest", *([] if parallel else ["-n", "4", "--dist", "worksteal"]), *words]


def main(words: list[str]) -> int:
    here = place("test")
    with session(here) as stack:
        env = services.start(here, stack, wheel_first=False, hasty=True) | environment(here)
        return foreground(pytest_command(words), env)
