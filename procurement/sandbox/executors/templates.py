"""The files our pages are made of."""

from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "pages"


def template(name: str) -> Template:
    return Template((FOLDER / f"{name}.html").read_text())
