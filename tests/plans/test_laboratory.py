"""规则试验室: which plans another threshold would judge otherwise; nothing is written meanwhile."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from plans.assistant import Context, PlanFacts, examine, inspect
from plans.assistant.batch import Batch, Limits
from plans.assistant.laboratory import AT_ONCE, Trial, concerned, read_only
from plans.models import Plan, PlanType, RuleTrial
from procurement.reference.models import Threshold
from tests.remembered import load_reference
from tests.world import person

from . import makers

pytestmark = pytest.mark.django_db
PAGE, EXPORT = "/admin/plans/ruletrial/", "/admin/plans/ruletrial/export/"
MALL = {("mall_limit", ""): Decimal("299999.99")}
TODAY = timezone.localdate()


@pytest.fixture
def reference(confirmed):
    load_reference()


@pytest.fixture
def submit(unit, clerk, confirmed, reference):
    """A plan as it stands after its submission."""

    def made(amount="300000.00", kind=PlanType.MALL, when=None, **fields) -> Plan:
        cheap = {"quantity": Decimal(1000), "unit_price": Decimal(amount) / 1000}
        paper = makers.plan(unit, clerk, confirmed, amount, kind, item=cheap, **fields)
        Plan.objects.filter(pk=paper.pk).update(submitted_at=when or timezone.now())
        return Plan.objects.get(pk=paper.pk)

    return made


def field(code: str) -> str:
    return f"t{Threshold.objects.on(TODAY).get(code=code, procurement_type='').pk}"


def asked(**fields) -> dict:
    return {"year": makers.YEAR, **fields}


def text(answer) -> str:
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.text


def found(changes) -> dict:
    return {flip.code: flip for flips in Trial(makers.YEAR, changes) for flip in flips}


def queries(work) -> int:
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


# --- what flips ------------------------------------------------------------------------------------------


def test_a_plan_at_the_old_limit_is_above_a_new_one(submit, unit, clerk, confirmed):
    mall, draft = submit(), makers.plan(unit, clerk, confirmed, "300000.00", PlanType.MALL)
    assert found({}) == {}
    assert found({("mall_limit", ""): Decimal("300000.00")}) == {}
    flips = found(MALL)
    assert {flip.plan.pk for flip in flips.values()} == {mall.pk} != {draft.pk}
    assert (flips["B02"].before, flips["B02"].after, flips["B02"].office) == (
        "green",
        "orange",
        "改为报采购处",
    )
    assert Context.at(TODAY, mall.unit, PlanFacts.of(mall)).limit("mall_limit") == 300000


def test_a_plan_above_the_old_limit_need_not_go_to_the_office_under_a_new_one(submit):
    submit("300000.01")
    assert found({("mall_limit", ""): Decimal("300000.01")})["B02"].office == "不再报采购处"


def test_several_thresholds_are_tried_together_and_counted(submit):
    submit(), submit(), submit("4000000.00", PlanType.PROJECT, method="competitive_negotiation")
    trial = Trial(makers.YEAR, MALL | {("open_tender", "A"): Decimal(5000000)})
    flips = [flip for batch in trial for flip in batch]
    assert (trial.total, trial.examined, trial.flipped, trial.to_office) == (3, 3, 3, 2)
    assert trial.amount == Decimal(4600000)
    assert ("B02", "商城采购限额", "正确", "提示", 2) in trial.counted()
    assert sum(trial.turns.values()) == len(flips)


def test_secret_given_up_and_other_years_plans_are_left_out(submit, places):
    submit(is_secret=True), submit()
    gone, older = submit(), submit()
    Plan.objects.filter(pk=gone.pk).update(state="void")
    Plan.objects.filter(pk=older.pk).update(fiscal_year=makers.YEAR - 1)
    trial = Trial(makers.YEAR, MALL)
    assert [len(batch) > 0 for batch in trial] == [True]
    assert trial.examined == 1


def test_thresholds_of_the_day_of_submission_count(submit):
    row = Threshold.objects.on(TODAY).get(code="mall_limit")
    Threshold.objects.filter(pk=row.pk).update(valid_to=TODAY - timedelta(days=1))
    Threshold.objects.create(code="mall_limit", name="新", amount=200000, valid_from=TODAY)
    submit(), submit(when=timezone.now() - timedelta(days=1))
    ((flip,),) = [[flip for flip in batch if flip.code == "B02"] for batch in Trial(makers.YEAR, MALL)]
    assert timezone.localdate(flip.plan.submitted_at) == TODAY - timedelta(days=1)


def test_a_batch_judges_as_the_submission_did(submit):
    """Every rule that reads a threshold finds the same in a batch as alone; others are not asked."""
    papers = [
        submit("2500000.00", PlanType.PROJECT, method="competitive_negotiation"),
        submit("2500000.00", PlanType.PROJECT, method="competitive_negotiation", agency=makers.agency()),
        submit(),
    ]
    every = {(code, ""): Decimal(1) for rule in concerned({}) for code in rule.reads}
    every |= {(code, ""): Decimal(1) for code in Threshold.objects.values_list("code", flat=True)}
    rules = concerned(every)
    assert len(rules) > 20
    seen = {paper.pk: examine(facts, context, rules) for paper, facts, context in Batch(papers, Limits())}
    for paper in papers[1:]:  # the first was submitted before the others
        alone = [finding for finding in inspect(paper, TODAY)[0] if finding.code in {r.code for r in rules}]
        assert [(f.code, f.severity) for f in seen[paper.pk]] == [(f.code, f.severity) for f in alone]
    assert {"C05", "P01"} & {finding.code for finding in seen[papers[1].pk] if finding.severity != "green"}
    assert not {"P01"} & {finding.code for finding in seen[papers[0].pk]}


# --- nothing is written, queries stay few ----------------------------------------------------------------


def test_the_database_itself_refuses_to_write_during_a_trial(submit):
    submit()
    for _ in Trial(makers.YEAR, MALL):
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            assert cursor.fetchone() == ("on",)
    with pytest.raises(InternalError, match="read-only"), transaction.atomic(), read_only():
        Threshold.objects.create(code="x", name="x", amount=1, valid_from=TODAY)
    Threshold.objects.create(
        code="x", name="x", amount=1, valid_from=TODAY
    )  # and afterwards all is as before


def test_queries_do_not_grow_with_the_plans_of_a_batch(submit):
    submit()
    few = queries(lambda: list(Trial(makers.YEAR, MALL)))
    for _ in range(9):
        submit()
    assert queries(lambda: list(Trial(makers.YEAR, MALL))) == few <= 20
    assert AT_ONCE >= 100


# --- the page --------------------------------------------------------------------------------------------


def test_the_page_offers_thresholds_with_the_rules_that_read_them(as_user, admin, submit):
    submit()
    answer = as_user(admin).get(PAGE)
    assert not answer.streaming
    assert "商城采购超标限额" in answer.text
    assert "B02、C14、P02、P12" in answer.text
    assert "投标保证金上限" not in answer.text  # no rule of the assistant reads it
    assert "试算结果" not in answer.text


def test_a_trial_grows_on_the_page_and_leaves_everything_as_it_was(as_user, admin, submit):
    paper = submit()
    before = (list(Threshold.objects.values()), Plan.objects.filter(pk=paper.pk).values().get())
    answer = as_user(admin).get(PAGE, asked(**{field("mall_limit"): "299,999.99 元"}))
    assert answer.streaming
    page = text(answer)
    for told in (
        "已检查 1 / 1 份",
        paper.number,
        "B02",
        "改为报采购处",
        "300,000.00 元 → <b>299,999.99 元</b>",
    ):
        assert told in page
    assert page.rstrip().endswith("</html>")
    assert (list(Threshold.objects.values()), Plan.objects.filter(pk=paper.pk).values().get()) == before


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("三十万", "格式不对"), ("-1", "不能小于"), ("9" * 30, "太长"), ("\x00", "格式"),
        ("", "至少填写一个"),
        ("300000", "至少填写一个"), ("NaN", "格式不对"),
    ],
)  # fmt: skip
def test_nonsense_gets_a_sentence(as_user, admin, submit, value, sentence):
    submit()
    answer = as_user(admin).get(PAGE, asked(**{field("mall_limit"): value}))
    assert answer.status_code == 200
    assert sentence in text(answer)


@pytest.mark.parametrize("year", ["1999", "x", "", "９", "-1"])
def test_a_year_without_plans_is_refused_in_words(as_user, admin, submit, year):
    submit()
    answer = as_user(admin).get(PAGE, {"year": year, field("mall_limit"): "1"})
    assert answer.status_code == 200
    assert "计划年度" in text(answer)
    assert not answer.streaming


def test_the_export_has_every_flip(as_user, admin, submit):
    paper = submit()
    answer = as_user(admin).get(EXPORT, asked(**{field("mall_limit"): "1"}))
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows[0][:4] == ("计划编号", "计划名称", "采购单位", "计划金额（元）")
    assert (paper.number, "B02", "正确", "提示", "改为报采购处") in [(r[0], r[5], *r[7:]) for r in rows[1:]]
    assert "至少填写一个" in as_user(admin).get(EXPORT, asked()).text


def test_only_staff_with_the_permission_may_try(as_user, admin, clerk, reference):
    helper = person("helper", "助理")
    type(helper).objects.filter(pk=helper.pk).update(is_staff=True)
    for address in (PAGE, EXPORT):
        assert as_user(clerk).get(address).status_code in (302, 403)
        assert as_user(helper).get(address).status_code == 403
        assert as_user(admin).post(address).status_code == 405
    helper.user_permissions.add(Permission.objects.get(codename="view_ruletrial"))
    assert as_user(helper).get(PAGE).status_code == 200


def test_the_thresholds_lead_to_the_laboratory(as_user, admin, reference):
    assert f'href="{PAGE}"' in as_user(admin).get("/admin/reference/threshold/").text
    assert f'href="{PAGE}"' in as_user(admin).get("/admin/").text
    assert RuleTrial._meta.default_permissions == ("view",)
