"""The fiscal years the top bar offers."""

from procurement import clock


def offered() -> list[int]:
    """The next one, this one and the two before."""
    return [clock.today().year + offset for offset in (1, 0, -1, -2)]
