"""What every page needs for its help link."""

from .places import address


def help_link(request) -> dict:
    """Context processor: the part of the manual that explains this page."""
    match = getattr(request, "resolver_match", None)
    return {"help_url": address(match.url_name if match else "")}
