"""Plans ready for filing, and books, for tests."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Organization
from plans.models import Plan, PlanType
from tasks.filing import file_book
from tasks.models import BookKind, TaskBook
from tests.intents import makers as intents
from tests.plans import makers

HEADS = {
    BookKind.MALL: {"kind": PlanType.MALL},
    BookKind.OTHER: {"kind": PlanType.NON_GOV},
    BookKind.RESEARCH: {"entrust_mode": "research"},
    BookKind.TERRITORIAL: {"entrust_mode": "territorial"},
    BookKind.CENTRAL: {"entrust_mode": "agency", "org_form": "central"},
    BookKind.DECENTRALIZED: {"entrust_mode": "agency", "org_form": "decentralized"},
}
BY_AGENCY = {BookKind.TERRITORIAL, BookKind.CENTRAL, BookKind.DECENTRALIZED}


def agency():

    return Organization.objects.filter(name="示例招标代理有限公司").first() or makers.agency()


def approved(unit, clerk, reviewer, confirmed, book=BookKind.RESEARCH, amount="1000.00", **fields) -> Plan:
    """A plan of that kind of book that the unit has approved."""
    known = HEADS[book] | ({"agency": agency()} if book in BY_AGENCY else {})
    paper = makers.plan(unit, clerk, confirmed, amount, **(known | fields))
    return paper.perform("submit", clerk).perform("approve", reviewer)


def short_notice(unit, clerk, reviewer, confirmed) -> dict:
    """An intent published today, a purchase to begin in five days."""
    intent = intents.published(unit, clerk, reviewer, intents.item(confirmed))
    soon = timezone.localdate() + timedelta(days=5)
    return {"intent_item": intent.items.get(), "intent_exemption": "", "expected_start": soon}


def filed(unit, clerk, reviewer, confirmed, book=BookKind.RESEARCH, **fields) -> TaskBook:
    """A book of that kind, filed."""
    return file_book(approved(unit, clerk, reviewer, confirmed, book, **fields).pk, clerk)


def filing(plan, clerk) -> TaskBook:
    return file_book(plan.pk, clerk)
