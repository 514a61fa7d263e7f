"""Whatever is typed into any field of any format: a sentence beside it, the text kept, never a 500."""

from html import escape

import pytest
from django.core.exceptions import ValidationError

from notices.announcements.formats import WRITTEN
from notices.announcements.models import Announcement
from notices.models import Publication
from procurement.flow.models import Conflict
from procurement.sandbox.sanitise import clean

from . import makers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]
SCRIPT = "<script>alert(1)</script>&\"'{{ 7*7 }}<b onclick=x>"
NASTY = {
    "text": [SCRIPT, "\x00", "字" * 201, "‮txt.exe", "𠮷😀", "  "],
    "long": [SCRIPT + "\r\n第二行", "\x00", "字" * 5001, "\x1b[31m"],
    "money": ["1e9", "NaN", "Infinity", "-1", "１，２３４．５０", "9" * 40, "1.005", "abc", SCRIPT],
    "day": [
        "2026-02-30", "0001-01-01", "9999-12-31", "２０２６-１２-０１", "2026年12月1日", "x", SCRIPT,
    ],
    "moment": ["2026-12-01", "2026-12-01T25:00", "0001-01-01T00:00", "9999-12-31T23:59", "\x00", SCRIPT],
    "phone": ["电话", "138", SCRIPT, "\x00", "0551-62816021 转 801"],
    "whole": ["0", "-1", "1.5", "9" * 30, "五", SCRIPT],
    "choice": ["别的", "\x00", SCRIPT],
}  # fmt: skip
ALL = [*makers.UNIT_FORMATS, *makers.OFFICE_FORMATS]


def spoiled(number: int, turn: int) -> dict:
    """Every field and every cell at once gets its next nasty value."""
    form = WRITTEN[number]

    def bad(field):
        return NASTY[field.kind][turn % len(NASTY[field.kind])]

    given = {key: bad(field) for key, field in form.fields.items()}
    rows = {key: [{one.key: bad(one) for one in table.columns}] for key, table in form.tables.items()}
    return given | rows


@pytest.mark.parametrize("number", ALL)
def test_no_field_of_any_format_breaks_a_page(as_user, clerk, office_clerk, number):
    client = as_user(office_clerk if number in makers.OFFICE_FORMATS else clerk)
    address = f"/notices/announcements/new/?kind={number}"
    for turn in range(9):
        given = spoiled(number, turn)
        action = ("submit", "save")[turn % 2]
        answer = client.post(address, makers.posted(number, action, given, title=SCRIPT))
        assert answer.status_code in (200, 302), turn
        assert "<script>alert" not in answer.text
        if answer.status_code == 200 and turn == 0 and "project_no" in given:
            assert escape(given["project_no"], quote=False)[:20] in answer.text  # the text is kept


def test_sentences_are_ours_and_chinese(as_user, clerk):
    client, address = as_user(clerk), "/notices/announcements/new/?kind=3"
    for key, text, words in [
        ("budget", "abc", "预算金额（元）的格式不对，请检查。"),
        ("budget", "-1", "预算金额（元）不能小于 0。"),
        ("deadline", "2026-12-01", "投标截止（开标）时间的格式不对，请检查。"),
        ("offer_to", "9999-12-31", "招标文件提供截止日期的年份不对，请检查。"),
        ("contact_phone", "电话", "请写明电话号码"),
        ("consortium", "别的", "请从列表中选择是否接受联合体。"),
        ("project_no", "字" * 201, "项目编号最多 200 个字，现在有 201 个。"),
    ]:
        answer = client.post(address, makers.posted(3, given=makers.content(3, **{key: text})))
        assert words in answer.text, words
        assert f'id="id_c_{key}_error"' in answer.text
        assert key == "consortium" or text[:20] in answer.text  # a list keeps nothing that is not in it


def test_full_width_digits_and_chinese_dates_are_understood(as_user, clerk):
    given = makers.content(7) | {"other": "无"}
    client = as_user(clerk)
    given = makers.content(3, budget="４，８６０，０００．５０", offer_to="2026年12月1日")
    assert client.post("/notices/announcements/new/?kind=3", makers.posted(3, given=given)).status_code == 302
    content = Announcement.objects.get().content
    assert (content["budget"], content["offer_to"]) == ("4860000.50", "2026-12-01")


@pytest.mark.parametrize("number", ALL)
def test_what_is_sent_is_harmless_whatever_was_written(places, unit, clerk, reviewer, office_clerk, number):
    texts = {"text": SCRIPT[:200], "long": SCRIPT + "\n\n" + SCRIPT, "phone": "0551-62816021" + SCRIPT[:80]}
    form, content = WRITTEN[number], makers.content(number)
    content |= {key: texts[one.kind] for key, one in form.fields.items() if one.kind in texts}
    for key, table in form.tables.items():
        content[key] = [{one.key: texts.get(one.kind, "1.00") for one in table.columns}]
    office = number in makers.OFFICE_FORMATS
    where, who = (places.office, office_clerk) if office else (unit, clerk)
    paper = makers.approved(where, who, reviewer, number, content=content, title=SCRIPT)
    paper.perform("file", who)
    html = Publication.objects.get().body["html"]
    assert clean(html) == html
    assert "<script" not in html
    assert "{{ 7*7 }}" in html


def test_too_many_rows_and_hostile_counts_are_refused(as_user, clerk):
    client, address = as_user(clerk), "/notices/announcements/new/?kind=5"
    row = makers.content(5)["winners"][0]
    many = makers.posted(5, given=makers.content(5, winners=[row] * 101))
    answer = client.post(address, many)
    assert answer.status_code == 200
    for total in ("-1", "x", "", "99999999999999999999", "1e3"):
        answer = client.post(address, makers.posted(5, "submit") | {"winners-TOTAL_FORMS": total})
        assert answer.status_code == 200
    more = client.post(address, makers.posted(5, "add:winners"))
    assert 'name="winners-2-name"' in more.text
    assert not Announcement.objects.exists()


def test_two_people_on_one_paper_lose_nothing_silently(as_user, unit, clerk, second_clerk):
    paper = makers.announcement(unit, clerk)
    address, data = f"/notices/announcements/{paper.pk}/edit/", makers.posted(3) | {"version": paper.version}
    assert as_user(clerk).post(address, data).status_code == 302
    assert as_user(second_clerk).post(address, data).status_code == 409


def test_money_beyond_the_column_is_a_sentence(as_user, clerk):
    row = makers.content(5)["winners"][0] | {"amount": "9999999999999999.99"}
    answer = as_user(clerk).post(
        "/notices/announcements/new/?kind=5", makers.posted(5, given=makers.content(5, winners=[row, row]))
    )
    assert "金额合计太大" in answer.text


def test_two_papers_that_follow_one_race(unit, clerk, reviewer):
    older = makers.published(unit, clerk, reviewer)
    first = makers.approved(unit, clerk, reviewer, 6, supersedes=older)
    with pytest.raises((ValidationError, Conflict)):
        makers.announcement(unit, clerk, 7, supersedes=older).perform("submit", clerk)
    first.perform("file", clerk)
