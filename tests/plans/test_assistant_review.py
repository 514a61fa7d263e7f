"""Red flags out of the database, before the clerk and before the reviewer."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices.models import Publication
from plans.assistant import inspect
from plans.assistant.registry import RULES
from plans.models import ImportApproval, Plan, PlanType
from procurement.flow.models import Attachment
from procurement.reference.models import Category
from tests.intents import makers as intents

from . import makers

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOLE = {"method": "single_source", "method_reason": "31-2", "supplier_name": "独家公司"}
PIECES = {"quantity": 12, "unit_price": 50000, "measure": "台"}
TALKS = {"method": "competitive_negotiation", "method_reason": "30-2"}


@pytest.fixture
def harmless(rich):
    """A category no list names."""
    return Category.objects.get(code="A02100301")


def quiet(make, title: str = "碎纸机", kept: dict | None = None) -> Plan:
    """A plan with nothing but green findings, whatever the day."""
    item = {
        "category": Category.objects.get(code="A02021301"), "content": "显微镜室用碎纸机",
        "requirement": "五级保密，连续碎纸不少于二十分钟", "quantity": 100, "unit_price": 500,
    }  # fmt: skip
    paper = make("50000.00", PlanType.MALL, item=item, expected_finish=TODAY)
    Plan.objects.filter(pk=paper.pk).update(title=title, kept=kept or {})
    return Plan.objects.get(pk=paper.pk)


def upload(paper: Plan, code: str, by) -> Attachment:
    return Attachment.receive(paper, SimpleUploadedFile(f"{code}.pdf", b"%PDF-1.4\n%%EOF\n"), code, by)


def codes(paper: Plan) -> set[str]:
    return {f.code for f in inspect(Plan.objects.get(pk=paper.pk), TODAY)[0] if f.severity == "flag"}


def as_old(paper: Plan, days: int) -> Plan:
    moment = timezone.now() - timedelta(days=days)
    Plan.objects.filter(pk=paper.pk).update(submitted_at=moment)
    return Plan.objects.get(pk=paper.pk)


# --- each flag is a fact of the database -----------------------------------------------------------------


@pytest.mark.parametrize(("days", "fires"), [(365, True), (366, False)])
def test_P01_sums_one_category_over_365_days(make, days, fires):
    as_old(make("2000000.00", **TALKS), days)
    assert ("P01" in codes(make("2000000.00", **TALKS))) is fires
    assert "P01" not in codes(make("1999999.99", **TALKS))


def test_P02_an_amount_just_below_a_threshold(make):
    assert "P02" in codes(make("3880000.00"))
    assert "P02" not in codes(make("3879999.99"))


@pytest.mark.parametrize(("days", "fires"), [(29, True), (30, False)])
def test_P03_counts_from_the_day_the_portal_had_the_intent(make, unit, clerk, reviewer, rich, days, fires):
    notice = intents.published(unit, clerk, reviewer, intents.item(rich))
    paper = make(intent_item=notice.items.get(), intent_exemption="")
    Publication.objects.filter(document=notice).update(sent_at=timezone.now() - timedelta(days=days))
    assert ("P03" in codes(paper)) is fires


def test_P04_a_contract_signed_before_its_plan(make):
    assert "P04" in codes(make("1000.00", PlanType.HISTORY, signed_on=TODAY - timedelta(days=1)))
    assert "P04" not in codes(make("1000.00", PlanType.HISTORY, signed_on=TODAY))


def test_P05_the_same_supplier_as_in_an_earlier_single_source_plan(make):
    draft = make(**SOLE)
    assert "P05" not in codes(make(**SOLE))
    as_old(draft, 1)
    assert "P05" in codes(make(**SOLE))
    assert "P05" not in codes(make(**SOLE | {"supplier_name": "另一公司"}))
    Plan.objects.filter(pk=draft.pk).update(fiscal_year=TODAY.year - 2)
    assert "P05" in codes(make(**SOLE))
    Plan.objects.filter(pk=draft.pk).update(fiscal_year=TODAY.year - 3)
    assert "P05" not in codes(make(**SOLE))


def test_P06_a_contract_above_its_plan(make):
    history = {"kind": PlanType.HISTORY, "amount": "1000.00"}
    assert "P06" in codes(make(**history, contract_amount=Decimal("1000.01")))
    assert "P06" not in codes(make(**history, contract_amount=Decimal("1000.00")))


@pytest.mark.parametrize(
    ("days", "price", "fires"), [(1, 1301, 1), (1, 1300, 0), (365, 1301, 1), (366, 1301, 0)]
)
def test_P06_a_price_above_what_the_unit_planned_within_a_year(make, days, price, fires):
    as_old(make("10000.00", item=PIECES | {"unit_price": 1000}), days)
    assert ("P06" in codes(make(item=PIECES | {"unit_price": price}))) is bool(fires)
    assert "P06" not in codes(make(item=PIECES | {"unit_price": price, "measure": "套"}))


def test_P07_another_method_than_at_the_first_submission(make, clerk, reviewer):
    paper = make(**TALKS).perform("submit", clerk)
    paper = paper.perform("send_back", reviewer, "请核对采购方式", to="clerk", reason="other")
    assert "P07" not in codes(paper)
    Plan.objects.filter(pk=paper.pk).update(method="open_tender", method_reason="")
    assert "P07" in codes(paper)


def test_P08_an_import_without_its_case_or_its_papers(make, clerk):
    paper = make(item={"is_import": True})
    assert "P08" in codes(paper)
    ImportApproval.objects.create(plan=paper, item=paper.items.get(), import_case="not_available")
    assert "P08" in codes(paper)
    upload(paper, "import_application", clerk)
    assert "P08" not in codes(paper)


def test_P12_a_mall_category_off_the_mall(make, harmless):
    assert "P12" in codes(make("300000.00"))
    assert "P12" not in codes(make("300000.01"))
    assert "P12" not in codes(make("1.00", item={"category": harmless}))


# --- who sees them ---------------------------------------------------------------------------------------


def first_by_talks(make, clerk, reviewer) -> Plan:
    paper = make(**TALKS).perform("submit", clerk)
    paper = paper.perform("send_back", reviewer, "请核对采购方式", to="clerk", reason="other")
    Plan.objects.filter(pk=paper.pk).update(method="open_tender", method_reason="")
    return Plan.objects.get(pk=paper.pk)


def badly_argued(make, clerk) -> Plan:
    """An encouraged import; the policy that encourages it is not attached."""
    paper = make(item={"is_import": True})
    answers = {"country": "德国", "purpose": "教学", "import_case": "not_available", "reason": "境内没有"}
    block = {"import_class": "encouraged", "policy": "鼓励进口技术和产品目录"}
    ImportApproval.objects.create(plan=paper, item=paper.items.get(), **answers, **block)
    upload(paper, "import_application", clerk)
    return paper


def published_late(make, unit, clerk, reviewer, rich) -> Plan:
    notice = intents.published(unit, clerk, reviewer, intents.item(rich))
    return make(intent_item=notice.items.get(), intent_exemption="")


def after(earlier: Plan, later: Plan) -> Plan:
    as_old(earlier, 1)
    return later


FLAGGED = {
    "P01": lambda w: after(w.make("2000000.00", **TALKS), w.make("2000000.00", **TALKS)),
    "P02": lambda w: w.make("3900000.00"),
    "P03": lambda w: published_late(w.make, w.unit, w.clerk, w.reviewer, w.rich),
    "P04": lambda w: w.make("1000.00", PlanType.HISTORY),
    "P05": lambda w: after(w.make(**SOLE), w.make(**SOLE)),
    "P06": lambda w: after(w.make(item=PIECES), w.make(item=PIECES | {"unit_price": 70000})),
    "P07": lambda w: first_by_talks(w.make, w.clerk, w.reviewer),
    "P08": lambda w: badly_argued(w.make, w.clerk),
    "P12": lambda w: w.make("100000.00"),
}  # fmt: skip


@pytest.fixture
def around(make, unit, clerk, reviewer, rich):
    return SimpleNamespace(make=make, unit=unit, clerk=clerk, reviewer=reviewer, rich=rich)


@pytest.mark.parametrize("code", sorted(code for code in RULES if code[0] == "P"))
def test_each_flag_is_before_the_clerk_ere_she_submits_and_before_the_reviewer(as_user, around, code):
    paper, mark = FLAGGED[code](around), f'<li class="flagged" data-code="{code}">'
    form = as_user(around.clerk).get(f"/plans/{paper.pk}/edit/").text
    assert "风险提示，审核人同样可见" in form
    assert mark in form
    paper = Plan.objects.get(pk=paper.pk).perform("submit", around.clerk)
    client = as_user(around.reviewer)
    assert mark in client.get(f"/plans/{paper.pk}/").text
    assert f"{code} {RULES[code].title}" in client.get("/plans/review/").text


def test_a_flag_is_seen_while_typing(as_user, clerk, rich):
    data = makers.posted([makers.item(unit_price="1000", quantity="100")], [makers.fund(rich, "100000")])
    panel = as_user(clerk).post("/plans/assistant/?kind=project", data).text
    assert 'data-code="P12"' in panel


def test_a_plan_without_flags_is_not_marked(as_user, make, clerk, reviewer):
    quiet(make).perform("submit", clerk)
    assert "项风险" not in as_user(reviewer).get("/plans/review/").text


def test_marks_cost_no_query(as_user, make, clerk, reviewer):
    client, counts = as_user(reviewer), []
    for more in (1, 4):
        for _ in range(more):
            make("100000.00").perform("submit", clerk)
        client.get("/plans/review/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/plans/review/").text.count("1 项风险") == len(Plan.objects.all())
        counts.append(len(seen))
    assert counts[0] == counts[1]
