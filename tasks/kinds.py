"""Which of the six books a plan gets, and who carries it out (domain.md §12: first match wins)."""

from django.db.models import Q

from accounts.models import Organization, OrgKind
from plans.models import OrgForm, Plan, PlanType
from plans.models.choices import Entrust, MallPlatform

from .models.choices import BookKind, Channel

# kind -> (field of the plan, values that make it this kind); the last takes whatever is left
PRECEDENCE: list[tuple[BookKind, str, set[str]]] = [
    (BookKind.MALL, "plan_type", {PlanType.MALL}),
    (BookKind.OTHER, "plan_type", {PlanType.NON_GOV, PlanType.HISTORY}),
    (BookKind.RESEARCH, "entrust_mode", {Entrust.RESEARCH}),
    (BookKind.TERRITORIAL, "entrust_mode", {Entrust.TERRITORIAL}),
    (BookKind.CENTRAL, "org_form", {OrgForm.CENTRAL}),
]
LEFT_OVER = BookKind.DECENTRALIZED

MALLS = {MallPlatform.HUICAI: Channel.HUICAI, MallPlatform.WANCAI: Channel.WANCAI}
CHANNELS = {
    BookKind.CENTRAL: Channel.TRADING, BookKind.DECENTRALIZED: Channel.AGENCY,
    BookKind.TERRITORIAL: Channel.AGENCY, BookKind.RESEARCH: Channel.UNIT, BookKind.OTHER: Channel.NONE,
}  # fmt: skip


def book_kind(plan: Plan) -> BookKind:
    """The one kind of book of this plan."""
    for kind, field, values in PRECEDENCE:
        if getattr(plan, field) in values:
            return kind
    return LEFT_OVER


def of_kind(kind: str) -> Q:
    """The same table as a condition on plans."""
    condition = Q()
    for earlier, field, values in PRECEDENCE:
        match = Q(**{f"{field}__in": values})
        if earlier == kind:
            return condition & match
        condition &= ~match
    return condition


def channel_of(plan: Plan) -> Channel:
    """How the book travels; what is secret is never handed over by wire (security.md B5)."""
    if plan.is_secret:
        return Channel.NONE
    kind = book_kind(plan)
    if kind == BookKind.MALL:
        return MALLS.get(plan.mall_platform, Channel.NONE)
    return CHANNELS[kind]


def executor_of(plan: Plan) -> Organization | None:
    """The organisation that carries it out; None where the system knows none."""
    channel = channel_of(plan)
    if channel in MALLS.values():
        malls = Organization.objects.filter(kind=OrgKind.MALL, is_active=True)
        return malls.filter(name__contains=channel.label).first()
    if channel == Channel.UNIT:
        return plan.unit
    return plan.agency if channel != Channel.NONE else None
