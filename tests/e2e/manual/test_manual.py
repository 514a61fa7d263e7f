"""操作手册: each chapter walked in a real browser, says what docs/manual says, turns its exercises green."""

import os

import pytest
from django.conf import settings

from procurement.handbook import markdown
from procurement.handbook.chapters import TEXT, chapters, loads, steps

from . import (
    announcements,
    budget,
    carryover,
    confirming,
    contacts,
    contracts,
    intents,
    login,
    overview,
    plans,
    single_source,
    tasks,
)
from .original import PLACES
from .scribe import Scribe

pytestmark = pytest.mark.django_db(transaction=True)
WALKS = {
    "1": overview.walk,
    "2": login.walk,
    "3.1": budget.walk,
    "3.2": confirming.walk,
    "3.3": intents.walk,
    "3.4": single_source.walk,
    "3.5": plans.walk,
    "3.6": tasks.walk,
    "3.7": announcements.walk,
    "3.8": contracts.walk,
    "3.9": carryover.walk,
    "4": contacts.walk,
}
MANUAL = settings.BASE_DIR / "docs" / "manual"
PICTURES = MANUAL / "pictures"


@pytest.mark.parametrize("number", WALKS)
def test_a_chapter_is_walked_and_says_what_the_manual_says(number, scene):
    WALKS[number](scene)
    scene.scribe.ends()
    walked = scene.scribe.chapter
    if "MANUAL" in os.environ:
        publish(scene.scribe)
    assert walked == chapters()[number], "the walk says something else: ./run manual writes it anew"


def publish(scribe: Scribe) -> None:
    """The chapter's text, for the running system and for readers of the code, and its pictures."""
    walked = scribe.chapter
    for section in walked.sections:
        for old in PICTURES.glob(f"{section.number}-*.png"):
            old.unlink()
    for name, picture in scribe.pictures.items():
        (PICTURES / name).write_bytes(picture)
    (TEXT / f"{walked.number}.json").write_text(walked.dumps())
    (MANUAL / markdown.name(walked)).write_text(markdown.page(walked))
    chapters.cache_clear()
    steps.cache_clear()
    (MANUAL / markdown.CONTENTS).write_text(markdown.contents(list(chapters().values())))


def test_every_chapter_has_its_walk():
    assert set(WALKS) == set(chapters())


def test_the_pages_under_docs_are_those_of_the_chapters():
    known = list(chapters().values())
    assert (MANUAL / markdown.CONTENTS).read_text() == markdown.contents(known)
    assert {path.name for path in MANUAL.glob("*.md")} == {
        markdown.CONTENTS,
        *(markdown.name(one) for one in known),
    }
    for one in known:
        assert (MANUAL / markdown.name(one)).read_text() == markdown.page(one)
        assert loads(one.dumps()) == one


def test_every_picture_is_there_and_of_use_and_all_of_them_are_small():
    named = {step.picture for one in chapters().values() for part in one.sections for step in part.steps}
    kept = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}
    assert set(kept) == named - {""}
    assert sum(kept.values()) < 8 * 2**20


def test_every_step_of_the_original_has_its_place():
    ours = {f"{number}#{anchor}" for number, one in chapters().items() for anchor in one.anchors}
    assert {step: place for step, place in PLACES.items() if place not in ours} == {}
