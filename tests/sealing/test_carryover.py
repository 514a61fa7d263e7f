"""年终结转申请表: a sealed paper of the last approval, checked like the others."""

import subprocess

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import CarryOver, Ruling
from procurement.sealing import jobs, rendering
from procurement.sealing.models import SealedPaper
from tests.budgets.carryover.makers import DECEMBER, application, approved, at, money
from tests.tasks.test_paper import Pdf
from tests.world import YEAR

pytestmark = pytest.mark.django_db
WORDS = [
    "年终采购资金结转申请表", f"{YEAR}年度采购资金结转至{YEAR + 1}年度", "安徽示例大学", "教科文处",
    "105001001", "人民币玖拾元整", "已签合同", "已列计划", "已确认", "交回财政", "项目未完成",
    "审核记录", "刘敏", "/verify/",
]  # fmt: skip


@pytest.fixture
def done(sealing, people, unit, clerk) -> CarryOver:
    money(unit, clerk)
    return approved(application(unit, clerk, idle="15.00"), people)


def test_the_approval_orders_a_paper_that_is_sealed_and_verified(
    done, as_user, clerk, stranger, client, tmp_path
):
    page = f"/budgets/carryovers/{done.pk}/"
    assert "排队中" in as_user(clerk).get(page).text
    assert jobs.render() == jobs.sign() == 1
    paper = done.sealed.get()
    assert (paper.number, paper.state) == (done.number, "sealed")
    with paper.file.storage.open(paper.file.name) as file:
        text = Pdf(tmp_path, file.read()).text
    assert [word for word in (*WORDS, done.number, paper.code) if word not in text] == []
    said = subprocess.run(["pdfsig", "-nocert", tmp_path / "read.pdf"], capture_output=True, check=False)
    assert b"Signature is Valid." in said.stdout
    answer = client.get("/verify/", {"number": done.number, "code": paper.code}).text
    assert "文件真实有效" in answer
    assert f"{YEAR} 年结转至 {YEAR + 1} 年" in answer
    assert f"/sealed/{paper.pk}/file/" in as_user(clerk).get(page).text
    assert as_user(stranger).get(f"/sealed/{paper.pk}/file/").status_code == 404


def test_the_same_row_gives_the_same_bytes_whatever_changes_later(done):
    paper = SealedPaper.objects.get(document=done)
    first = rendering.render(paper)
    done.unit.name, done.unit.budget_code = "改名后的单位", "999"
    done.unit.save()
    done.lines.update(progress="改过")
    assert rendering.render(SealedPaper.objects.get(pk=paper.pk)) == first


def test_what_the_office_refused_stands_on_the_paper(sealing, people, unit, clerk):
    money(unit, clerk)
    with at(DECEMBER):
        paper = application(unit, clerk).perform("submit", clerk)
        for person in (people.reviewer, people.divisional):
            paper = paper.perform("approve", person)
        line = paper.lines.get(basis="idle")
        Ruling.objects.create(line=line, allowed=False, reason="当年已无需求", by=people.officer)
        paper.perform("approve", people.officer)
    taken = SealedPaper.objects.get().snapshot
    refused = next(row for row in taken["lines"] if row["basis"] == "已确认未列计划")
    assert (refused["ruling"], refused["will_carry"], refused["will_return"]) == (
        "不予结转：当年已无需求", 0, 2500,
    )  # fmt: skip
    assert taken["sums"]["will_carry"] == 7500


def test_before_the_last_approval_there_is_only_the_print_view(people, unit, clerk, as_user):
    money(unit, clerk)
    with at(DECEMBER):
        paper = application(unit, clerk).perform("submit", clerk)
        assert not SealedPaper.objects.exists()
        answer = as_user(clerk).get(f"/budgets/carryovers/{paper.pk}/print/")
    assert answer.content.startswith(b"%PDF")


def test_the_page_costs_the_same_with_its_paper(done, as_user, clerk):
    client, page = as_user(clerk), f"/budgets/carryovers/{done.pk}/"
    client.get(page)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(page).status_code == 200
    assert len(counted) <= 11
