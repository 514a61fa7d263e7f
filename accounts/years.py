"""The fiscal years the top bar offers."""

from django.utils import timezone


def offered() -> list[int]:
    """The next one, this one and the two before."""
    return [timezone.localdate().year + offset for offset in (1, 0, -1, -2)]
