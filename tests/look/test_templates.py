"""What may stand in a template: no inline style or script, only icons that exist, text that compiles."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDERS = [settings.BASE_DIR / "templates", *settings.BASE_DIR.glob("*/templates")]
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))
SPRITE = settings.BASE_DIR / "static" / "icons.svg"
INLINE = re.compile(
    r"""\sstyle\s*=|<style|\son[a-z]+\s*=\s*["']|javascript:|<script(?![^>]*\bsrc=)""", re.IGNORECASE
)
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)


def name(path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


def text_of(path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_compiles_and_holds_nothing_inline(path):
    folder = next(folder for folder in FOLDERS if folder in path.parents)
    get_template(str(path.relative_to(folder)))
    assert INLINE.findall(text_of(path)) == []


def test_every_icon_named_in_a_template_is_in_the_sprite():
    known = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))
    named = {
        (icon, name(path)) for path in TEMPLATES for icon in re.findall(r'{% icon "([\w-]+)"', text_of(path))
    }
    assert {(icon, where) for icon, where in named if icon not in known} == set()


def test_no_template_marks_text_as_safe():
    assert [name(path) for path in TEMPLATES if re.search(r"\|safe\b|autoescape off", text_of(path))] == []


def test_style_sheets_use_nothing_the_browser_floor_lacks():
    """Chromium 86: no :has(), :is(), :where(), @layer, container queries (ux.md §6)."""
    sheets = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
    new = re.compile(r":has\(|:is\(|:where\(|@layer|@container|&:")
    assert {sheet.name: found for sheet in sheets if (found := new.findall(sheet.read_text()))} == {}


def test_scripts_use_nothing_the_browser_floor_lacks():
    folder = settings.BASE_DIR / "static" / "js"
    parts = re.findall(r"from '\./(\w+\.js)'", (folder / "page.js").read_text())
    scripts = [folder / "page.js", folder / "money.js", *(folder / part for part in parts)]
    new = re.compile(r"\.at\(-?\d|structuredClone|\.findLast|Object\.hasOwn|\?\?=|\|\|=|\.toSorted|\.groupBy")
    assert {script.name: found for script in scripts if (found := new.findall(script.read_text()))} == {}
