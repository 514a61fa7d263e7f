"""Every format that people write, from the form to what is owed to the portal."""

import pytest

from notices.announcements.formats import FORMATS, WRITTEN, Writer
from notices.announcements.models import Announcement
from notices.models import Publication
from procurement.sandbox.sanitise import clean
from procurement.sandbox.store import parse

from . import makers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]
ALL = [*makers.UNIT_FORMATS, *makers.OFFICE_FORMATS]


def test_there_are_thirteen_formats_and_three_come_by_themselves():
    assert list(FORMATS) == list(range(1, 14))
    assert [one.number for one in FORMATS.values() if one.writer == Writer.MODULE] == [1, 8, 10]
    assert [one.number for one in FORMATS.values() if one.writer == Writer.OFFICE] == [11, 12, 13]
    assert set(WRITTEN) == set(ALL)


def test_every_term_names_fields_of_its_format():
    for form in WRITTEN.values():
        keys = [part.key for part in form.parts]
        assert len(keys) == len(set(keys)), form.name
        for term in form.terms:
            assert {term.since, term.until} <= {"", *form.fields}, (form.name, term.what)
            assert {key for key, _ in term.when} <= set(form.fields)
            assert (term.least is None) != (term.most is None)
            assert term.basis


def looks_right(owed: Publication, number: int) -> None:
    """The portal takes it as it is, and it says what the format wants."""
    assert clean(owed.body["html"]) == owed.body["html"]
    assert owed.body["kind"] == WRITTEN[number].portal_kind
    assert owed.body["data"]["format"]["number"] == number
    assert owed.body["data"]["content"] == Announcement.objects.get().content
    for section in WRITTEN[number].sections:
        assert section.title in owed.body["html"]
    parse(owed.content, owed.key, owed.body_sha256, "")


@pytest.mark.parametrize("number", ALL)
def test_a_format_goes_from_its_form_to_the_outbox(
    as_user, clerk, reviewer, office_clerk, number, django_assert_max_num_queries
):  # fmt: skip
    client = as_user(office_clerk if number in makers.OFFICE_FORMATS else clerk)
    address = f"/notices/announcements/new/?kind={number}"
    form = client.get(address)
    assert WRITTEN[number].name in form.text
    answer = client.post(address, makers.posted(number, "submit"))
    assert answer.status_code == 302, answer.text
    paper = Announcement.objects.get()
    assert paper.number.startswith("GG")
    assert paper.title.endswith("公告")
    if number in makers.UNIT_FORMATS:
        paper = paper.perform("approve", reviewer, "同意")
    page = f"/notices/announcements/{paper.pk}/"
    with django_assert_max_num_queries(24):
        done = client.post(page + "moves/", {"verb": "file", "version": paper.version})
    assert done.status_code == 302
    owed = Publication.objects.get(document=paper)
    looks_right(owed, number)
    assert owed.body["html"].strip() in client.get(page + "preview/").text
    assert [client.get(page + more).status_code for more in ("", "print/")] == [200, 200]
