"""Typing an announcement in the browser."""

from notices.announcements.formats import WRITTEN

from . import makers


def put(page, name: str, text: str) -> None:
    """Type it into the field of that name, whatever kind it is."""
    field = page.locator(f'[name="{name}"]')
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(text)
    else:
        field.fill(text)


def write(page, number: int) -> None:
    """Everything the format asks for, and the first row of its tables."""
    given = makers.content(number)
    for key, field in WRITTEN[number].fields.items():
        if given[key] or field.needed:
            put(page, f"c_{key}", given[key])
    for key, table in WRITTEN[number].tables.items():
        for column in table.columns:
            put(page, f"{key}-0-{column.key}", given[key][0][column.key])
