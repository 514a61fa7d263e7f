"""A browser that acts as a persona."""

from tests.look.conftest import *  # noqa: F403
