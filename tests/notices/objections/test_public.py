"""The public page: anybody, inside the term, within the limit, once, nothing shown unreleased."""

import os
import re
import threading
from datetime import timedelta
from html import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices.models import Objection, ObjectionFile
from notices.objections import files, lodging
from notices.objections.jobs import sweep_files
from notices.objections.moderation import decide
from notices.single.settling import settle
from procurement.flow.attachments import Attachment
from tests.intents.test_form import NASTY
from tests.notices.single import makers as notices
from tests.notices.single.conftest import moment

from . import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(calendar, unit, clerk, officer):
    return notices.published(unit, clerk, officer)


@pytest.fixture
def anybody(db):
    return Client(raise_request_exception=False)


def page(paper) -> str:
    return f"/notices/public/{paper.number}/"


def test_anybody_reads_objects_and_follows_his_receipt(anybody, paper, officer):
    text = anybody.get(page(paper)).text
    for part in (paper.title, "还剩", notices.GOODS, "提出异议"):
        assert part in text
    data = makers.typed() | {"papers": [notices.pdf("授权书.pdf"), notices.pdf("合同.pdf")]}
    answer = anybody.post(page(paper), data)
    assert answer.status_code == 302
    objection = Objection.objects.get()
    assert sorted(objection.files.values_list("name", flat=True)) == ["合同.pdf", "授权书.pdf"]
    receipt = anybody.get(answer.url).text
    assert objection.code in receipt
    assert "待政府采购处受理" in receipt
    for unseen in (makers.REASON, "示例仪器有限公司", "13800000000"):
        assert unseen not in receipt + anybody.get(page(paper)).text
    decide(objection.pk, officer, public_text=makers.RELEASED)
    text = anybody.get(page(paper)).text
    assert makers.RELEASED in text
    assert makers.REASON not in text
    assert "异议已受理" in anybody.get(answer.url).text


def test_before_the_portal_has_it_there_is_no_page(anybody, unit, clerk, officer):
    draft, owed = notices.notice(unit, clerk), notices.approved(unit, clerk, officer)
    for one in (draft, owed):
        assert anybody.get(page(one)).status_code == 404
        assert anybody.post(page(one), makers.typed()).status_code == 404
    for number in ("x", "DY2026", "%00", "..%2f", "9" * 300):
        assert anybody.get(f"/notices/public/{number}/").status_code == 404
        assert anybody.get(f"/notices/receipts/{number}/").status_code == 404


def test_the_last_second_is_in_time_and_the_next_is_late(
    calendar, anybody, unit, clerk, officer, time_machine
):
    paper = notices.published(unit, clerk, officer, at=moment("2026-09-30 10:00"))
    time_machine.move_to(moment("2026-10-13 23:59:59"), tick=False)
    assert anybody.post(page(paper), makers.typed(name="及时")).status_code == 302
    time_machine.move_to(moment("2026-10-14 00:00:00"), tick=False)
    late = anybody.post(page(paper), makers.typed(name="迟到"))
    assert late.status_code == 409
    assert "公示期已于2026 年 10 月 13 日届满，期满后提出的异议不予受理" in late.text
    assert "提交异议" not in late.text
    again = anybody.post(page(paper), makers.typed(name="及时"))  # the doubled one is still answered
    assert again.status_code == 302
    assert Objection.objects.get().name == "及时"
    assert settle(paper.pk).outcome == "publicizing"  # it stands until the office has looked


def test_the_same_twice_is_one_objection(anybody, paper):
    data = makers.typed() | {"papers": notices.pdf("甲.pdf")}
    first = anybody.post(page(paper), data)
    second = anybody.post(page(paper), makers.typed() | {"papers": notices.pdf("乙.pdf")})
    assert first.url == second.url
    assert anybody.post(page(paper), makers.typed(reason=makers.REASON + "补充。")).url != first.url
    assert (Objection.objects.count(), ObjectionFile.objects.count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_at_the_same_moment_is_one_objection(paper):
    gate, codes = threading.Barrier(4), []

    def press():
        gate.wait()
        try:
            codes.append(makers.lodged(paper, name="同时").code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes == [Objection.objects.get().code] * 4


def test_an_address_has_a_limit_and_others_do_not(paper):
    client, other = Client(), Client(REMOTE_ADDR="203.0.113.9")
    for number in range(lodging.MOST):
        assert client.post(page(paper), makers.typed(name=f"第{number}件")).status_code == 302
    refused = client.post(page(paper), makers.typed(name="太多"))
    assert refused.status_code == 429
    assert "一小时内已提出 5 件异议" in refused.text
    assert "太多" in refused.text
    assert other.post(page(paper), makers.typed(name="别处")).status_code == 302
    Objection.objects.update(lodged_at=timezone.now() - lodging.WINDOW - timedelta(seconds=1))
    assert client.post(page(paper), makers.typed(name="一小时后")).status_code == 302
    assert "127.0.0.1" not in set(Objection.objects.values_list("source", flat=True))


FILES = [
    (["a.exe"], b"MZ", "不是可上传的格式"),
    (["a.pdf"], b"<script>alert(1)</script>", "内容与扩展名"),
    (["a.docx"], b"PK", "内容与扩展名"),
    (["a.pdf"], b"", "空文件"),
    (["a.png"], b"\x89PNG\r\n\x1a\n" + bytes(64), "不是 PDF 文件"),
    (["a.pdf"], b"%PDF-" + bytes(files.LIMIT), "超过 5 MB"),
    (["a.pdf", "b.pdf", "c.pdf", "d.pdf"], b"%PDF-1.7", "最多上传 3 个文件"),
]


def test_wrong_papers_are_refused_beside_the_field(anybody, paper):
    for names, content, sentence in FILES:
        papers = [SimpleUploadedFile(name, content) for name in names]
        answer = anybody.post(page(paper), makers.typed() | {"papers": papers})
        assert answer.status_code == 200
        assert sentence in answer.text, sentence
        assert makers.REASON in answer.text
    assert not Objection.objects.exists()


def test_whatever_is_typed_is_answered_and_nothing_of_it_gets_out(anybody, paper):
    for shift in range(len(NASTY)):
        kinds = dict(zip(("name", "contact", "reason"), NASTY[shift:] + NASTY[:shift], strict=False))
        answer = anybody.post(page(paper), kinds)
        assert answer.status_code in (200, 302, 429), kinds
        assert not re.search(r"<(svg|script)[^>]*(onload|>alert)", answer.text)
    stored = makers.typed(name="<b onclick=x>", reason="<script>alert(1)</script> {{ 7*7 }} 另有供应商")
    made = makers.lodged(paper, source="b" * 64, **stored)
    assert made.reason == stored["reason"]
    assert "alert(1)" not in anybody.get(page(paper)).text


def test_released_text_is_escaped_and_papers_are_downloads(anybody, as_user, paper, officer, stranger):
    hostile = "<script>alert(1)</script>"
    made = makers.lodged(paper, uploads=[notices.pdf(f"{hostile}.pdf")])
    decide(made.pk, officer, public_text=hostile + " 另有供应商")
    assert escape(hostile) in anybody.get(page(paper)).text
    office, file = as_user(officer), made.files.get()
    text = office.get(f"/notices/objections/{made.pk}/").text
    assert escape(hostile) in text
    assert hostile not in text
    taken = office.get(f"/notices/objections/{made.pk}/files/{file.pk}/")
    assert taken["Content-Disposition"].startswith("attachment")
    assert "sandbox" in taken["Content-Security-Policy"]
    assert taken["Content-Type"] == "application/pdf"
    assert b"".join(taken.streaming_content) == b"%PDF-1.7 trial"
    for client, status in ((as_user(stranger), 404), (anybody, 302)):
        assert client.get(f"/notices/objections/{made.pk}/files/{file.pk}/").status_code == status


def test_the_public_pages_cost_the_same_with_many_objections(anybody, paper, officer):
    def cost(address):
        with CaptureQueriesContext(connection) as seen:
            assert anybody.get(address).status_code == 200
        return len(seen)

    made = makers.lodged(paper)
    before = cost(page(paper))
    for number in range(10):
        decide(makers.lodged(paper, source=f"{number:064}").pk, officer, public_text=makers.RELEASED)
    assert cost(page(paper)) <= before <= 7
    assert cost(f"/notices/receipts/{made.code}/") <= 2


def test_only_published_papers_are_public(anybody, unit, clerk, officer, calendar):
    paper = notices.published(unit, clerk, officer)
    inner = paper.attachments.first()
    shown = Attachment.receive(paper, notices.pdf("公开论证.pdf"), "open", clerk)
    Attachment.objects.filter(pk=shown.pk).update(is_public=True)
    assert "公开论证.pdf" in anybody.get(page(paper)).text
    taken = anybody.get(f"{page(paper)}files/{shown.pk}/")
    assert b"".join(taken.streaming_content).startswith(b"%PDF-")
    assert anybody.get(f"{page(paper)}files/{inner.pk}/").status_code == 404


def test_files_of_a_request_that_died_are_swept(paper, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    kept = makers.lodged(paper, uploads=[notices.pdf()]).files.get()
    lost = tmp_path / files.FOLDER / f"{timezone.localdate():%Y/%m}" / "lost"
    lost.write_bytes(b"%PDF-")
    assert sweep_files() == 0  # a request may still be storing it
    day = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(lost, (day, day))
    os.utime(kept.file.path, (day, day))
    assert sweep_files() == 1
    assert not lost.exists()
    assert kept.file.storage.exists(kept.file.name)
