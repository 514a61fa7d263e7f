"""年终采购资金结转申请 and its review."""

from collections.abc import Callable

from django.utils.functional import cached_property

from procurement import clock
from procurement.flow.lists import Column
from procurement.flow.models import Desk
from procurement.flow.stages import Stage

from . import windows
from .candidates import Candidate
from .forms import CarryOverForm
from .models import CarryOver, CarryOverLine, Reason
from .splitting import Basis

USUAL_REASON = {
    Basis.CONTRACTED: Reason.CONTRACT,
    Basis.PLANNED: Reason.UNDER_WAY,
    Basis.IDLE: Reason.NOT_BEGUN,
}
COMPANIONS: list[Callable] = []  # (request, application) -> what its page shows besides
MOST = 300  # rows begun with at once


class CarryOverStage(Stage):
    """Unit, division, office; what follows from the approval happens at the turn of the year."""

    model = CarryOver
    form = CarryOverForm
    section = "年终结转"
    entry = "年终采购资金结转申请"
    review = "年终采购资金结转审核"
    columns = [
        Column("申请结转（元）", lambda paper: paper.amount, "money"),
        Column("资金结转", lambda paper: executed(paper), "tag"),
        Column("提交时间", lambda paper: paper.submitted_at, "time", narrow=False),
    ]
    attachments = {"basis": "合同、中标（成交）通知书等", "other": "其他附件"}

    @classmethod
    def blank(cls, request) -> CarryOver:
        unit = request.user.current.content_object
        return CarryOver.begin(unit, request.user, year=window_of(request).year)

    @classmethod
    def build_form(cls, request, paper, data=None, files=None) -> CarryOverForm:
        start = [] if paper.pk or data is not None else [first_row(one) for one in chosen(request, paper)]
        return cls.form(data, files, instance=paper, by=request.user, start=start)

    @classmethod
    def form_title(cls, paper) -> str:
        return f"{'修改' if paper.pk else '新增'} {paper.fiscal_year} 年度结转申请"

    @classmethod
    def more(cls, request, paper) -> dict:
        more = {"sheet": Sheet(paper, request.user)}
        if request.resolver_match.url_name == "carryover-detail":
            for add in COMPANIONS:
                more |= add(request, paper)
        return more


def executed(paper: CarryOver) -> str:
    """What became of an approved one."""
    if paper.state != Desk.DONE:
        return ""
    return "已结转" if paper.executed_at else f"待 {paper.turns_on.year} 年结转"


def window_of(request) -> windows.Window:
    """The window of the application: its year stays in the address, so that midnight changes nothing."""
    if not hasattr(request, "_carry_window"):
        asked, today = request.GET.get("year", ""), clock.today()
        found = windows.windows(today.year - 1, today.year)
        named = {str(year): window for year, window in found.items()}
        request._carry_window = named.get(asked) or windows.open_now(found, today)
    return request._carry_window


def chosen(request, paper: CarryOver) -> list[Candidate]:
    keys = request.GET.getlist("c")[:MOST]
    return [paper.offered[key] for key in dict.fromkeys(keys) if key in paper.offered]


def first_row(one: Candidate) -> dict:
    """What the ledger knows already."""
    # the division and the office read it, and may not know what a secret plan is about
    known = one.holder and (one.holder.number if one.holder.is_secret else one.holder.title)
    progress = f"{known}：{one.basis.label}"[:100] if known else ""
    return {
        "source": one.key, "amount": one.balance, "reason": USUAL_REASON[one.basis], "progress": progress,
    }  # fmt: skip


class Sheet:
    """The rehearsal 结转预演: what each line will become; read when a template asks."""

    def __init__(self, paper: CarryOver, user):
        self.paper, self.user = paper, user

    @cached_property
    def lines(self) -> list[CarryOverLine]:
        if not self.paper.pk:
            return []
        return list(self.paper.lines.select_related("confirmation__quota", "holder", "ruling"))

    @cached_property
    def totals(self) -> dict:
        names = ["balance", "will_carry", "will_return", "will_stay"]
        return {name: sum(getattr(line, name) for line in self.lines) for name in names}

    @cached_property
    def undecided(self) -> int:
        return sum(line.needs_ruling and getattr(line, "ruling", None) is None for line in self.lines)

    @property
    def may_rule(self) -> bool:
        here = self.paper.state == Desk.OFFICE
        return here and self.paper.obstacle("approve", self.user) is None

    @property
    def state(self) -> str:
        return executed(self.paper)
