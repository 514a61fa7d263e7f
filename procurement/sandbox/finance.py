"""What the integrated budget system has issued: quotas.json, and the like of it in any later year."""

import json
from pathlib import Path

FILE = Path(__file__).parent / "quotas.json"


def quotas(year: str) -> list[dict]:
    """The quotas of a year, of every year when none is asked; a later year has what the last one had."""
    text = FILE.read_text()
    years = {str(row["fiscal_year"]) for row in json.loads(text)}
    if year.isdecimal() and int(year) > int(max(years)):
        text = text.replace(max(years), year)
    return [row for row in json.loads(text) if not year or str(row["fiscal_year"]) == year]
