"""The pages every stage has, seen through budget entries: conflict, refusal, files, export, delete."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from budgets.models import BudgetEntry
from procurement.flow.attachments import Attachment, Download
from procurement.flow.desks import Desk
from tests.papers import entry
from tests.remembered import load_reference
from tests.world import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def draft(unit, clerk):
    return entry(unit, clerk)


def fields(page: str) -> dict[str, str]:
    """Every named field of the form as a browser would post it back; unticked boxes are not sent."""
    page = re.sub(r'<input[^>]*type="checkbox"[^>]*>', "", page)
    found = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', page))
    found |= {
        name: value for value, name in re.findall(r'<input[^>]*?value="([^"]*)"[^>]*?name="([^"]+)"', page)
    }
    for name, inner in re.findall(r'<select[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', inner)
        first = re.search(r'<option value="([^"]+)"', inner)
        found[name] = (chosen and chosen.group(1)) or (first.group(1) if first and "-" not in name else "")
    return {name: value for name, value in found.items() if name != "action"}


def opened(client, draft) -> dict[str, str]:
    page = client.get(reverse("budgetentry-edit", args=[draft.pk]))
    assert page.status_code == 200
    return fields(page.content.decode())


def test_the_second_editor_gets_a_conflict_page_that_keeps_his_text(as_user, draft, clerk, second_clerk):
    load_reference()
    first, second = as_user(clerk), as_user(second_clerk)
    seen = opened(second, draft)
    url = reverse("budgetentry-edit", args=[draft.pk])
    assert first.post(url, opened(first, draft) | {"remark": "先保存的"}).status_code == 302
    answer = second.post(
        reverse("budgetentry-edit", args=[draft.pk]), seen | {"remark": "后保存的一大段说明"}
    )
    assert answer.status_code == 409
    assert "后保存的一大段说明" in answer.content.decode()
    assert "已被他人修改" in answer.content.decode()
    assert BudgetEntry.objects.get().remark == "先保存的"


def test_a_lost_race_is_a_409_with_a_sentence(as_user, draft, clerk, reviewer):
    paper = draft.perform("submit", fresh(clerk))
    client = as_user(reviewer)
    url, decision = (
        reverse("budgetentry-move", args=[paper.pk]),
        {"verb": "approve", "version": paper.version},
    )
    assert client.post(url, decision).status_code == 302
    again = client.post(url, decision)
    assert again.status_code in (403, 409)
    assert "。" in again.content.decode()
    stale = client.post(url, {"verb": "withdraw", "version": 1})
    assert stale.status_code == 403
    assert paper.moves.count() == 2


def test_a_wrong_post_reads_which_post_is_missing(as_user, draft, clerk, divisional):
    paper = draft.perform("submit", fresh(clerk))
    answer = as_user(divisional).post(
        reverse("budgetentry-move", args=[paper.pk]), {"verb": "approve", "version": paper.version}
    )
    assert answer.status_code == 403
    assert "需要安徽示例大学的审核岗" in answer.content.decode()


def test_why_not_is_on_the_page_from_the_same_guard(as_user, draft, clerk):
    paper = draft.perform("submit", fresh(clerk))
    page = as_user(clerk).get(reverse("budgetentry-detail", args=[paper.pk])).content.decode()
    assert paper.obstacle("approve", fresh(clerk))[1] in page


def test_a_return_without_reason_or_opinion_is_refused_beside_the_fields(as_user, draft, clerk, reviewer):
    paper = draft.perform("submit", fresh(clerk))
    answer = as_user(reviewer).post(
        reverse("budgetentry-move", args=[paper.pk]),
        {"verb": "send_back", "version": paper.version, "opinion": "不行"},
    )
    text = answer.content.decode()
    for sentence in ("请选择要退回到哪一岗。", "请选择退回原因。", "至少 5 个字", "不行"):
        assert sentence in text
    assert BudgetEntry.objects.get().state == "unit"


def test_a_decision_leads_only_to_pages_of_ours(as_user, draft, clerk, reviewer):
    paper = draft.perform("submit", fresh(clerk))
    answer = as_user(reviewer).post(
        reverse("budgetentry-move", args=[paper.pk]),
        {"verb": "approve", "version": paper.version, "next": "https://evil.example/"},
    )
    assert answer.headers["Location"] == reverse("budgetentry-detail", args=[paper.pk])


def test_a_draft_shows_the_way_its_content_foretells(as_user, draft, clerk, monkeypatch):
    monkeypatch.setattr(BudgetEntry, "expected_desks", lambda paper: [Desk.UNIT, Desk.OFFICE])
    client, url = as_user(clerk), reverse("budgetentry-detail", args=[draft.pk])
    assert ways(client.get(url)) == ["经办录入", "单位审核", "政府采购处审核"]
    draft.perform("submit", fresh(clerk))
    assert ways(client.get(url)) == ["经办录入", "单位审核", "归口支出处室审核", "政府采购处审核"]


def ways(answer) -> list[str]:
    return [step["label"] for step in answer.context["steps"]]


def test_a_draft_can_be_deleted_and_a_submitted_paper_cannot(as_user, unit, clerk, draft, stranger, reviewer):
    url = reverse("budgetentry-delete", args=[draft.pk])
    assert as_user(stranger).post(url).status_code == 404
    assert as_user(reviewer).post(url).status_code == 403
    assert as_user(clerk).get(url).status_code == 405
    other = entry(unit, clerk).perform("submit", fresh(clerk)).perform("withdraw", fresh(clerk))
    assert as_user(clerk).post(reverse("budgetentry-delete", args=[other.pk])).status_code == 403
    assert as_user(clerk).post(url).status_code == 302
    assert list(BudgetEntry.objects.all()) == [BudgetEntry.objects.get(pk=other.pk)]


def test_a_download_is_logged_and_never_shown_in_place(as_user, draft, clerk, reviewer, stranger):
    pdf = SimpleUploadedFile("证明.pdf", b"%PDF-1.7\n")
    held = Attachment.receive(draft, pdf, "fund_proof", clerk)
    draft.perform("submit", fresh(clerk))
    url = reverse("budgetentry-file", args=[draft.pk, held.pk])
    assert as_user(stranger).get(url).status_code == 404
    answer = as_user(reviewer).get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\n"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert [entry.by for entry in Download.objects.all()] == [reviewer]


def test_the_export_has_the_rows_of_the_list(as_user, draft, clerk):
    url = reverse("budgetentry-export", args=["list"])
    sheet = openpyxl.load_workbook(io.BytesIO(as_user(clerk).get(url).content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("编号", "名称")
    assert rows[1][:2] == (draft.number, draft.title)
    assert as_user(clerk).get(reverse("budgetentry-export", args=["nonsense"])).status_code == 404


NASTY = [
    "",
    "x",
    "-1",
    "9" * 40,
    "1e9",
    "\x00",
    "﷽" * 50,
    "' OR 1=1--",
    "<svg onload=alert(1)>",
    "2026-02-30",
    "１２",
]


@pytest.mark.parametrize("name", ["q", "low", "high", "since", "until", "tab", "before", "after"])
def test_nonsense_in_the_address_is_never_an_error(as_user, draft, clerk, name):
    client = as_user(clerk)
    for value in NASTY:
        answer = client.get(reverse("budgetentry-list"), {name: value})
        assert answer.status_code == 200, value
        assert "<svg onload" not in answer.content.decode()


def test_a_page_that_does_not_exist_and_one_that_is_not_yours_look_alike(as_user, draft, stranger):
    client = as_user(stranger)
    known = client.get(reverse("budgetentry-detail", args=[draft.pk])).content.decode()
    unknown = client.get(reverse("budgetentry-detail", args=[10**9])).content.decode()

    def same(text: str) -> str:
        return re.sub(r"[0-9A-F]{8}|value=\"\w{64}\"", "", text).replace(str(draft.pk), "")

    assert same(known).count("<") == same(unknown).count("<")
    assert "0551-68150640" in known


def test_every_page_carries_the_strict_policy(as_user, draft, clerk):
    for name, args in [
        ("home", []),
        ("budgetentry-list", []),
        ("budgetentry-edit", [draft.pk]),
        ("contacts", []),
    ]:
        policy = as_user(clerk).get(reverse(name, args=args)).headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy + ";"
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
