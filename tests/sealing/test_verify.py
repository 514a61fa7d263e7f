"""The public page: number and code, or the file; whatever is thrown at it."""

import random
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Max
from django.test import Client

from procurement.sealing import limits
from procurement.sealing.forms import LIMIT
from procurement.sealing.models import SealedPaper, VerifyAttempt

from .conftest import made, order

URL = "/verify/"
VALID, SUPERSEDED, WITHDRAWN = "文件真实有效", "已被重新签章的文件取代", "已撤销，不再有效"
CHANGED, UNKNOWN, UNDER_WAY = "文件内容与签章时不一致", "查无此文件", "正在生成签章"


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def paper(sealing, document):
    return made(order(document, number="JC340001202600001号"))


@pytest.fixture
def content(paper) -> bytes:
    with paper.file.open() as file:
        return file.read()


def asked(client, number: str, code: str) -> str:
    answer = client.get(URL, {"number": number, "code": code})
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client, content: bytes, name: str = "a.pdf") -> str:
    answer = client.post(URL, {"file": SimpleUploadedFile(name, content, "application/pdf")})
    assert answer.status_code == 200
    return answer.content.decode()


def heading(page: str) -> str:
    found = re.search(r'id="result".*?<h2>(.*?)</h2>', page, re.DOTALL)
    return found[1] if found else ""


def test_anybody_opens_the_page_with_one_query_at_most(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(URL)
    assert answer.status_code == 200
    assert heading(answer.content.decode()) == ""


def test_the_address_in_the_code_says_valid_and_what_the_paper_says(client, paper, django_assert_num_queries):
    address = paper.verify_url[paper.verify_url.index("/verify/") :]
    with django_assert_num_queries(3):  # the limit, the paper with its document, a newer revision
        page = client.get(address).content.decode()
    assert heading(page) == VALID
    assert paper.title in page
    assert "内容" in page, "the brief of its kind"


TYPED = [
    str.lower, lambda code: f" {code} ", lambda code: code.replace("-", " "),
    lambda code: code.replace("-", ""), lambda code: code.replace("A", "Ａ"),
]  # fmt: skip


@pytest.mark.parametrize("change", TYPED)
def test_the_code_may_be_typed_as_people_type(client, paper, change):
    assert heading(asked(client, " jc340001202600001号 ", change(paper.code))) == VALID


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("JC340001202600001号", "AAAA-AAAA-AAAA"),
        ("JC340001202600002号", None),
        ("JC340001202600001号", "采" * 12),
    ],
)
def test_wrong_number_or_code_finds_nothing_and_tells_nothing(client, paper, number, code):
    page = asked(client, number, code or paper.code)
    assert heading(page) == UNKNOWN
    assert paper.title not in page


@pytest.mark.parametrize(("number", "code", "sentence"), [
    ("", "X", "请填写文件编号"), ("X", "", "请填写校验码"), ("X" * 61, "X", "最多 60 个字"),
    ("a\0b", "X", "空字符"),
])  # fmt: skip
def test_what_is_missing_is_said_beside_the_field_and_the_text_stays(client, db, number, code, sentence):
    page = asked(client, number, code)
    assert heading(page) == ""
    assert "fld-e" in page
    assert sentence in page
    assert f'value="{number}"' in page or "\0" in number or not number


def test_one_that_is_still_being_made_says_so(client, sealing, document):
    paper = order(document)
    assert heading(asked(client, paper.number, paper.code)) == f"编号与校验码相符，文件{UNDER_WAY}"


def test_the_file_itself_is_recognised_byte_for_byte(client, paper, content):
    page = sent(client, content)
    assert heading(page) == VALID
    assert "逐字节一致" in page


def test_an_older_revision_and_a_withdrawn_one(client, paper, content, clerk):
    with transaction.atomic():
        newer = paper.reseal(clerk)
    assert heading(sent(client, content)) == VALID, "until the new one is sealed"
    made(newer)
    for page in (sent(client, content), asked(client, paper.number, paper.code)):
        assert SUPERSEDED in heading(page)
    assert heading(asked(client, newer.number, newer.code)) == VALID
    newer.withdraw()
    for page in (
        sent(client, content),
        asked(client, paper.number, paper.code),
        asked(client, newer.number, newer.code),
    ):
        assert WITHDRAWN in heading(page)


def test_of_a_secret_paper_only_its_standing_is_told(client, paper, document):
    type(document).objects.filter(pk=document.pk).update(is_secret=True)
    page = asked(client, paper.number, paper.code)
    assert heading(page) == VALID
    assert "<dt>内容</dt>" not in page


def test_any_changed_byte_makes_it_a_changed_copy(client, paper, content):
    rng = random.Random(4)
    for place in rng.sample(range(9, len(content)), 40):
        changed = bytearray(content)
        changed[place] ^= 1 << rng.randrange(8)
        page = sent(client, bytes(changed))
        assert heading(page) == CHANGED, place
        assert paper.number in page
        assert "<dt>内容</dt>" not in page


def test_cut_grown_or_carrying_only_our_marks_it_is_a_changed_copy(client, paper, content):
    signature = re.search(rb"/Contents\s*<[0-9A-Fa-f]+>", content)[0]
    for copy in (
        content + b"\n%%EOF\n",
        content[:-1],
        b"%PDF-1.7\n" + signature,
        b"%PDF-1.4 " + paper.mark.encode(),
    ):
        assert heading(sent(client, copy)) == CHANGED


FOREIGN = [
    b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"\0" * 100_000, b"%PDF-2.0\n/Contents <" + b"30" * 40_000,
    b"%PDF-1.7 /Contents <" + b"f" * 65_000 + b">", b"%PDF-1.7 /Contents <3082ffff" + b"0" * 100 + b">",
    b"%PDF-1.7" + b"/Contents <" * 50_000, b"%PDF-1.7" + b"GPSEALABCDEFGHJKMN" * 50_000,
    b"%PDF-1.7 /JavaScript /Launch /EmbeddedFile /Encrypt 1 0 R /ObjStm", b"%PDF-1.7\n" + b"<<" * 200_000,
    b"%PDF-1.7 /Contents       <30>", b"%PDF-1.7 /Length 99999999999999999999 stream",
]  # fmt: skip


@pytest.mark.parametrize("content", FOREIGN, ids=range(len(FOREIGN)))
def test_a_foreign_or_hostile_pdf_is_simply_not_ours(client, paper, content):
    assert heading(sent(client, content)) == UNKNOWN


HOSTILE = {
    "empty": (b"", "空文件"), "html": (b"<html><script>alert(1)</script>", "不是 PDF"),
    "zip": (b"PK\x03\x04" + b"\0" * 100, "不是 PDF"), "late": (b" " * 2000 + b"%PDF-1.7", "不是 PDF"),
    "svg": (b"<svg onload=alert(1)>", "不是 PDF"), "large": (b"%PDF-1.7" + b"x" * LIMIT, "超过 10 MB"),
    "huge": (b"%PDF-1.7" + b"x" * 3 * LIMIT, "超过 10 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_ours_is_refused_with_a_sentence(client, db, name):
    content, sentence = HOSTILE[name]
    page = sent(client, content, f'{name}"><script>.pdf')
    assert sentence in page
    assert "<script>." not in page
    assert heading(page) == ""


def test_no_file_at_all_is_said_too(client, db):
    for data in ({}, {"file": "text"}):
        assert "请选择要查验的 PDF 文件" in client.post(URL, data).content.decode()
    broken = client.post(URL, b"no parts", content_type="multipart/form-data; boundary=x")
    assert broken.status_code in (200, 400)


def test_beyond_the_limit_nothing_is_kept(db, rf, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    request = rf.post(URL, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b"x" * 4 * LIMIT)})
    upload = request.FILES["file"]
    assert LIMIT < upload.size < LIMIT + 2**17
    upload.close()


def test_after_many_misses_an_address_must_wait_and_others_need_not(client, paper, time_machine):
    for _ in range(limits.MOST):
        assert heading(asked(client, "X", "Y")) == UNKNOWN
    for answer in (
        client.get(URL, {"number": paper.number, "code": paper.code}),
        client.get(URL, {"number": "X", "code": "Y"}),
    ):
        assert answer.status_code == 429
        assert "查验过于频繁" in answer.content.decode()
        assert heading(answer.content.decode()) == ""
    assert client.get(URL).status_code == 200, "the page itself stays open"
    assert VerifyAttempt.objects.count() == limits.MOST, "what is refused is not written down"
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert heading(asked(other, paper.number, paper.code)) == VALID
    time_machine.move_to(VerifyAttempt.objects.aggregate(last=Max("at"))["last"] + limits.WINDOW * 1.01)
    assert heading(asked(client, paper.number, paper.code)) == VALID
    asked(client, "X", "Y")
    assert VerifyAttempt.objects.count() == 1, "old misses are forgotten"


def test_right_answers_are_not_counted(client, paper):
    for _ in range(limits.MOST + 1):
        asked(client, paper.number, paper.code)
    assert not VerifyAttempt.objects.exists()


def test_a_post_without_its_token_is_refused(paper):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}).status_code == 403


def test_other_verbs_are_refused_and_the_page_is_not_cached(client, db):
    assert client.put(URL).status_code == 405
    assert "no-store" in client.get(URL)["Cache-Control"]


def test_the_cost_does_not_grow_with_the_papers(client, sealing, document, django_assert_num_queries):
    with transaction.atomic():
        for _ in range(30):
            order(document)
    paper = SealedPaper.objects.last()
    with django_assert_num_queries(2):
        asked(client, paper.number, paper.code)
