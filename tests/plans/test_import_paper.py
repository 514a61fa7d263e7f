"""进口产品采购审批表: one paper for each import, for who may see the plan, marked until it is approved."""

import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.approvals import Approval
from plans.models import ImportApproval, Plan
from procurement.flow.attachments import Attachment
from tests.intents.test_form import NASTY

from . import makers

pytestmark = pytest.mark.django_db
BLOCK = {
    "country": "德国", "purpose": "高分辨质谱教学实验", "import_class": "other",
    "import_case": "not_available",
    "reason": "国内同类产品分辨率不足五万，不能满足教学实验的需要。",
}  # fmt: skip
SAID = [
    "高分辨质谱仪", "德国", "需要采购的产品在中国境内无法获取", "张三", "法律专家", "单位已论证，同意申报。",
    "核准进口。", "盖章", "申请表.pdf", "人民币陆拾万元整",
]  # fmt: skip
PANEL = [("张三", "示例研究院", "教授", False), ("李律师", "示例律师事务所", "律师", True)]


@pytest.fixture
def paper(unit, clerk, confirmed):
    plan = makers.plan(unit, clerk, confirmed, item={"is_import": True, "content": "高分辨质谱仪"})
    ImportApproval.objects.create(plan=plan, item=plan.items.get(), **BLOCK)
    for name, employer, title, lawyer in PANEL:
        plan.experts.create(name=name, employer=employer, title=title, is_lawyer=lawyer, opinion="同意进口")
    file = SimpleUploadedFile("申请表.pdf", b"%PDF-1.7 the application")
    Attachment.receive(plan, file, "import_application", clerk)
    return Plan.objects.get(pk=plan.pk)


def address(plan: Plan) -> str:
    return f"/plans/{plan.pk}/imports/{plan.imports.get().pk}/"


def text_of(answer) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    read = subprocess.run(["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True)
    return "".join(read.stdout.decode().split())


def approved(plan: Plan, clerk, reviewer, officer) -> Plan:
    plan.perform("submit", clerk)
    plan.perform("approve", reviewer, "单位已论证，同意申报。")
    return plan.perform("approve", officer, "核准进口。")


def test_the_approved_paper_says_what_why_who(as_user, paper, clerk, reviewer, officer):
    client = as_user(clerk)
    assert "进口产品采购" not in client.get(f"/plans/{paper.pk}/").text
    approved(paper, clerk, reviewer, officer)
    assert address(paper) in client.get(f"/plans/{paper.pk}/").text
    answer = client.get(address(paper))
    text = text_of(answer)
    told = [*SAID, BLOCK["reason"], f"{paper.number}-JK01"]
    for part in told:
        assert part in text, part
    assert "对核供仅" not in text
    assert answer.headers["Content-Disposition"] == f'inline; filename="{paper.number}-JK01.pdf"'


def test_before_the_approval_it_carries_the_mark_and_no_decision(as_user, paper, clerk, reviewer):
    paper.perform("submit", clerk)
    paper.perform("approve", reviewer, "单位已论证，同意申报。")
    text = text_of(as_user(clerk).get(address(paper)))
    assert "对核供仅" in text  # the mark stands askew: read from its end
    assert "单位已论证" not in text


@pytest.mark.parametrize(
    ("research", "setting", "title"),
    [(True, True, "备案表"), (True, False, "审批表"), (False, True, "审批表")],
)
def test_research_units_put_imports_on_record_when_the_setting_says_so(
    paper, settings, research, setting, title
):
    settings.RESEARCH_IMPORT_FILING = setting
    paper.unit.is_research = research
    assert Approval(paper, paper.imports.get()).title == f"进口产品采购{title}"


def test_a_stranger_finds_nothing(as_user, unit, paper, clerk, stranger, confirmed):
    assert as_user(stranger).get(address(paper)).status_code == 404
    other = makers.plan(unit, clerk, makers.confirmation(unit, clerk, name="另一项目"))
    wrong = f"/plans/{other.pk}/imports/{paper.imports.get().pk}/"
    assert as_user(clerk).get(wrong).status_code == 404
    assert as_user(clerk).post(address(paper)).status_code == 405


def test_whatever_was_written_is_printed(as_user, paper, clerk):
    values = [value[:200] for value in NASTY if value.strip() and "\x00" not in value]
    for field in ("country", "purpose", "reason", "policy"):
        paper.imports.update(**{field: " ".join(values)[:60]})
    paper.experts.update(opinion="".join(values)[:2000])
    assert as_user(clerk).get(address(paper)).status_code == 200


def test_it_costs_the_same_for_any_panel(as_user, paper, clerk):
    client = as_user(clerk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address(paper))
        return len(seen)

    cost()
    before = cost()
    for number in range(6):
        paper.experts.create(name=f"专家{number}", employer="示例研究院", title="教授")
    assert cost() == before
