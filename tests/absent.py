"""The one reason to skip a test: the files beside the repository that not everybody has."""

from pathlib import Path

import pytest
from django.conf import settings

SHARED = settings.BASE_DIR.parent / "shared"


def shared(*parts: str) -> Path:
    """A file of ../shared; the test is skipped, and counted under one message, where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"../shared is absent: {'/'.join(parts)}")
    return path
