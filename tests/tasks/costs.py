"""What a page costs."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def cost(client, address: str) -> int:
    """SQL statements of one GET."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)
