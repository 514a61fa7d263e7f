"""What is late or about to be, by contract and by unit (domain.md §22: D04–D06)."""

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate

from notices.models import Publication
from procurement import clock
from procurement.flow.models import Desk
from tasks.models import ExecutionResult, TaskBook

from .deadlines import SIGN_DAYS, SOON
from .models import Contract, Sort

SHOWN = 200
WORKING = [Desk.CLERK, Desk.UNIT, Desk.FILING]  # not filed yet


def contracts(user, year: int):
    """Contracts of the year this user may see, with what is late about each; days by the wall clock here."""
    today = clock.today()
    sent = Publication.objects.filter(document=OuterRef("pk"), sent_at__isnull=False)
    out_in_time = sent.annotate(day=TruncDate("sent_at")).filter(day__lte=OuterRef("notice_by"))
    told = Q(state=Desk.DONE, is_secret=False, notice_by__lt=today) & ~Q(in_time=True)
    papers = Contract.objects.visible_to(user).in_year(year).annotate(in_time=Exists(out_in_time))
    return papers.annotate(
        filed_on=TruncDate("filed_at"),
        signed_late=Q(signed_on__gt=F("sign_by")),
        open_late=Q(state__in=WORKING, file_by__lt=today),
        due_soon=Q(state__in=WORKING, file_by__range=(today, today + timedelta(days=SOON))),
        notice_late=told,
    ).annotate(filed_late=Q(state=Desk.DONE, filed_on__gt=F("file_by")))


LATE = Q(signed_late=True) | Q(open_late=True) | Q(filed_late=True) | Q(notice_late=True)
COUNTED = ["signed_late", "open_late", "filed_late", "notice_late", "due_soon"]


def by_unit(user, year: int) -> list[dict]:
    """One row a unit with its contracts and how many are late; one query."""
    counts = {f"n_{name}": Count("pk", filter=Q(**{name: True})) for name in COUNTED}
    rows = (
        contracts(user, year)
        .values("unit", "unit__name", "unit__budget_code")
        .annotate(n=Count("pk"), **counts)
    )
    return list(rows.order_by("-n_open_late", "-n_filed_late", "unit__name"))


def to_settle(user, year: int):
    """What somebody has to see to now: overdue first."""
    now = contracts(user, year).filter(Q(open_late=True) | Q(due_soon=True))
    return now.select_related("unit", "clerk").order_by("file_by", "pk")[:SHOWN]


def unsigned(user, year: int):
    """Awards without a contract, the longest waiting first (政府采购法第四十六条)."""
    signed = Contract.objects.living().filter(result=OuterRef("pk"), sort=Sort.ENTRY)
    rows = ExecutionResult.objects.effective().filter(
        ~Exists(signed), failed=False, book__revoked_at=None, book__fiscal_year=year,
        book__in=TaskBook.objects.visible_to(user).values("pk"),
    )  # fmt: skip
    return rows.select_related("book__unit", "book__approved_plan").order_by("award_notice_date", "pk")


def unsigned_rows(user, year: int) -> list[dict]:
    """Each with the last day to sign, where the day of the award notice is known."""
    today, found = clock.today(), []
    for row in unsigned(user, year)[:SHOWN]:
        last = row.award_notice_date and row.award_notice_date + timedelta(days=SIGN_DAYS)
        left = (last - today).days if last else None
        found.append({"result": row, "last": last, "left": left})
    return found
