"""SoftHSM2 under var/: its configuration and where its module lies. The system's own are never touched."""

import os
from pathlib import Path

from .places import Place

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/*/softhsm/libsofthsm2.so",
    "/usr/lib*/pkcs11/libsofthsm2.so",
)


def module() -> str:
    """PKCS11_MODULE (a real key's driver) or the first SoftHSM2 found."""
    given = os.environ.get("PKCS11_MODULE")
    found = [path for pattern in MODULES for path in sorted(Path("/").glob(pattern.lstrip("/")))]
    return given or str(found[0] if found else MODULES[0])


def environment(place: Place) -> dict[str, str]:
    """SOFTHSM2_CONF and PKCS11_MODULE for everything started in this place."""
    configuration = place.home / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {place.tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    return {"SOFTHSM2_CONF": str(configuration), "PKCS11_MODULE": module()}
