"""采购方式变更批复: a sealed paper of its own, checked like the books'."""

import re
import subprocess

import pytest

from procurement.sealing import jobs
from procurement.sealing.models import SealedPaper
from tasks import reply
from tasks.models import BookKind
from tests.sealing.conftest import sealing, token  # noqa: F401

from . import change_makers, makers
from .costs import cost
from .test_paper import Pdf

WORDS = [
    "政府采购方式变更批复", "安徽示例大学：", "由公开招标变更为竞争性谈判", "人民币壹仟元整", "收悉",
    "政府采购处", "两次公开招标", "王审核", "同意变更", "审核记录", "电子签章", "/verify/",
]  # fmt: skip


@pytest.fixture
def done(unit, clerk, reviewer, officer, confirmed, sealing):  # noqa: F811
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED)
    return change_makers.approved(book.approved_plan, clerk, reviewer, officer)


def test_the_approval_orders_a_reply_that_is_sealed_and_verified(
    done, as_user, clerk, stranger, client, tmp_path
):
    page = f"/tasks/changes/{done.pk}/"
    assert "排队中" in as_user(clerk).get(page).text
    assert jobs.render() == jobs.sign() == 1, "the book was withdrawn before anybody drew it"
    paper = done.sealed.get()
    assert (paper.number, paper.state) == (done.approval_no, "sealed")
    with paper.file.storage.open(paper.file.name) as file:
        content = file.read()
    text = Pdf(tmp_path, content).text
    numbers = [done.approval_no, done.number, done.old_book.number, done.new_plan.number, paper.code]
    assert [word for word in (*WORDS, *numbers) if word not in text] == []
    said = subprocess.run(["pdfsig", "-nocert", tmp_path / "read.pdf"], capture_output=True, check=False)
    assert b"Signature is Valid." in said.stdout
    answer = client.get("/verify/", {"number": done.approval_no, "code": paper.code}).text
    assert "文件真实有效" in answer
    assert "公开招标变更为竞争性谈判" in answer
    assert f"/sealed/{paper.pk}/file/" in as_user(clerk).get(page).text
    assert as_user(stranger).get(f"/sealed/{paper.pk}/file/").status_code == 404


def test_the_page_of_a_change_costs_the_same_with_its_reply(done, as_user, clerk):
    client = as_user(clerk)
    client.get(f"/tasks/changes/{done.pk}/")
    assert cost(client, f"/tasks/changes/{done.pk}/") <= 14


def test_later_changes_of_names_do_not_reach_the_reply(done):
    paper = SealedPaper.objects.get(document=done)
    done.unit.name = "改名后的单位"
    done.unit.save(update_fields=["name"])
    assert "改名" not in str(reply.context(paper.snapshot))
    assert not re.search(r"\d\.\d+e", str(paper.snapshot))
