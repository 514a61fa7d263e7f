"""Intents for tests, and what a clerk's browser posts."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.db import transaction
from django.utils import timezone

from budgets.models import AdjustmentKind, Quota, QuotaConfirmation
from intents.models import Intent, IntentItem
from notices.models import Publication
from procurement.flow.models import Desk
from tests.papers import category, nature

YEAR = timezone.localdate().year
DEMAND = "采购教学用台式计算机一百二十台，用于公共实验室，含三年上门维保，合同签订后三十日内交付。"
SOON = date(YEAR + 1, 3, 1)


def confirmation(unit, by, amount: str = "900000.00", name: str = "教学设备更新") -> QuotaConfirmation:
    """A confirmed quota of a unit."""
    row = Quota.objects.create(
        quota_no=f"ZB{Quota.objects.count() + 1}", doc_no="皖财教〔2026〕118号", unit=unit,
        division=unit.division, fiscal_year=YEAR, source_type="year_start", project_name=name,
        fund_nature=nature(),
    )  # fmt: skip
    row.change(AdjustmentKind.ISSUE, Decimal(amount))
    return Quota.objects.get(pk=row.pk).confirm(Decimal(amount), by)


def item(confirmed: QuotaConfirmation, **fields) -> dict:
    return {
        "confirmation": confirmed, "project_name": "教学用台式计算机", "category": category(),
        "demand_summary": DEMAND, "amount": Decimal("600000.00"), "expected_month": SOON,
        "sme_reserved": "whole",
    } | fields  # fmt: skip


@transaction.atomic
def intent(unit, clerk, *items: dict, **fields) -> Intent:
    """A complete intent on the clerk's desk."""
    given = {
        "title": f"{unit.name}{SOON.year}年3月政府采购意向",
        "contact": "李经办",
        "phone": "0551-62816021",
    }
    paper = Intent.begin(
        unit, clerk, year=YEAR, amount=sum((row["amount"] for row in items), Decimal(0)), **(given | fields)
    )
    paper.assign_number()
    paper.save()
    for row in items:
        IntentItem.objects.create(intent=paper, **row)
    return paper


def approved(unit, clerk, reviewer, *items: dict, **fields) -> Intent:
    paper = intent(unit, clerk, *items, **fields).perform("submit", clerk)
    paper = paper.perform("approve", reviewer, "同意")
    assert paper.state == Desk.FILING
    return paper


def published(unit, clerk, reviewer, *items: dict, **fields) -> Intent:
    """As it stands once the worker has been at the portal."""
    paper = approved(unit, clerk, reviewer, *items, **fields).perform("file", clerk)
    Publication.objects.filter(document=paper).update(
        state="sent", sent_at=timezone.now(), remote_id="7", remote_url="http://portal.test/notices/7"
    )
    return Intent.objects.get(pk=paper.pk)


def posted(*rows: dict, action: str = "save", initial: int = 0, **head) -> dict:
    """What the form posts; rows as text."""
    data = {
        "action": action, "title": "", "contact": "李经办", "phone": "0551-62816021",
        "items-TOTAL_FORMS": str(len(rows)), "items-INITIAL_FORMS": str(initial),
        "items-MIN_NUM_FORMS": "0", "items-MAX_NUM_FORMS": "500",
    } | head  # fmt: skip
    for number, row in enumerate(rows):
        data |= {f"items-{number}-{name}": str(value) for name, value in row.items()}
    return data


def row(confirmed: QuotaConfirmation, **fields) -> dict:
    return {
        "confirmation": confirmed.pk, "project_name": "教学用台式计算机", "category": "A02010105",
        "demand_summary": DEMAND, "amount": "600,000.00", "expected_month": f"{SOON:%Y-%m}",
        "sme_reserved": "whole", "sme_share": "", "remark": "",
    } | fields  # fmt: skip


def both(unit, clerk) -> SimpleNamespace:
    """Two confirmations of one unit."""
    return SimpleNamespace(
        first=confirmation(unit, clerk), second=confirmation(unit, clerk, name="实验室改造")
    )
