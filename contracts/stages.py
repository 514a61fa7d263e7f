"""采购合同录入, 采购合同审核, 采购合同备案 (manual 3.8)."""

from dataclasses import replace
from functools import cached_property

from django.db.models import Exists
from django.http import Http404
from django.shortcuts import get_object_or_404

from procurement.flow.desks import Desk
from procurement.flow.lists import Column
from procurement.flow.menu import Entry
from procurement.flow.moves import Conflict
from procurement.flow.stages import Stage
from procurement.sealing.views import may_retry

from . import performance, rules
from .content import Content
from .entry import prefill, sources
from .forms import ContractForm
from .models import Contract, Sort, Standing
from .printing import SLUG
from .sums import total
from .waiting import AWARD

COMPANIONS = []  # (request, contract) -> {"template", …}: what the statistics add to a contract's page
PAPERS = {
    "text": "合同文本（PDF）", "public": "合同公开文本（PDF，不含涉密条款）", "sme": "中小企业声明函",
    "joint": "联合体协议", "award": "中标（成交）通知书", "other": "其他附件",
}  # fmt: skip


class ContractStage(Stage):
    """Contracts of four sorts."""

    model = Contract
    form = ContractForm
    section = "采购合同管理"
    entry = "采购合同录入"
    review = "采购合同审核"
    filing = "采购合同备案"
    kinds = dict(Sort.choices)
    related = (
        "purchaser",
        "approved_plan__agency",
        "approved_plan__intent_item__intent",
        "book",
        "base",
        "result",
    )
    attachments = PAPERS
    columns = [
        Column("计划编号", lambda c: c.approved_plan.number, narrow=False),
        Column("供应商", lambda c: c.supplier_names),
        Column("合同金额（元）", lambda c: c.amount, "money"),
        Column("签订日期", lambda c: c.signed_on and f"{c.signed_on:%Y-%m-%d}", narrow=False),
        Column("备案期限", lambda c: c.file_by and f"{c.file_by:%Y-%m-%d}"),
        Column("公告状态", lambda c: c.publication_status, "tag", narrow=False),
    ]

    @classmethod
    def menu_entries(cls) -> list[Entry]:
        """Awards that wait for a contract are counted on the entry menu."""
        first, *rest = super().menu_entries()
        return [replace(first, desks=first.desks | {AWARD}), *rest]

    @classmethod
    def blank(cls, request) -> Contract:
        """From an award or order, a plan, or a filed contract: ?result=, ?plan=, ?base=."""
        by = request.user
        if "result" in request.GET:
            result = get_object_or_404(sources.results(request), pk=chosen(request, "result"))
            return prefill.of_plan(result.book.approved_plan, by, result=result)
        if "plan" in request.GET:
            old = request.GET.get("kind") == Sort.HISTORY
            plans = sources.old_plans(request) if old else sources.plans(request)
            plan = get_object_or_404(plans, pk=chosen(request, "plan"))
            return prefill.of_plan(plan, by, sort=Sort.HISTORY if old else Sort.ENTRY)
        return cls.follow(request)

    @classmethod
    def follow(cls, request) -> Contract:
        """补充合同 or 合同变更 of a filed contract."""
        kind = request.GET.get("kind", "")
        if kind not in (Sort.SUPPLEMENT, Sort.CHANGE):
            raise Http404
        mine = Contract.objects.visible_to(request.user).filter(
            purchaser=request.user.current.content_object_id
        )
        base = get_object_or_404(mine, pk=chosen(request, "base"))
        if why := base.follower_obstacle():
            raise Conflict(why)
        return prefill.of_base(base, request.user, kind)

    @classmethod
    def build_form(cls, request, paper, data=None, files=None) -> ContractForm:
        start = {} if paper.pk or data is not None else prefill.rows(paper)
        return cls.form(data, files, instance=paper, by=request.user, start=start)

    @classmethod
    def form_title(cls, paper) -> str:
        return f"{'修改' if paper.pk else '新增'}{paper.get_sort_display().removesuffix('录入')}"

    @classmethod
    def more(cls, request, paper) -> dict:
        more = {"sheet": Sheet(paper, request.user), "plan": paper.approved_plan}
        if request.resolver_match.url_name in ("contract-detail", "contract-edit"):
            more |= {"companions": [add(request, paper) for add in COMPANIONS]}
        if request.resolver_match.url_name == "contract-detail":
            sealed = more["sheet"].sealed
            more |= {"sealed": sealed, "may_retry": bool(sealed) and may_retry(request.user, paper)}
            more |= {"print_url": ""}
        return more


def chosen(request, name: str) -> int:
    """?name=…, or 0."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class Sheet:
    """What the detail and form pages show besides; each part is read when a template asks."""

    def __init__(self, paper: Contract, user):
        self.paper, self.user = paper, user

    @cached_property
    def rows(self) -> Content:
        return Content.of(self.paper, with_files=False) if self.paper.pk else Content()

    @cached_property
    def hints(self) -> list:
        return list(rules.hints(self.paper, self.rows)) if self.paper.state not in ("done", "void") else []

    @cached_property
    def sealed(self):
        """备案表 of a filed contract, and along with it whether there is anything that came after."""
        if not self.paper.filing_number:
            return None
        there = {
            f"has_{name}": Exists(getattr(self.paper, name).all())
            for name in ("followers", "paid", "accepted")
        }
        return self.paper.sealed.filter(template=SLUG).annotate(**there).first()

    def later(self, name: str) -> list:
        """Rows of that name, without asking where there are none."""
        return getattr(self.paper, name) if self.sealed and getattr(self.sealed, f"has_{name}") else None

    @cached_property
    def followers(self) -> list:
        rows = self.later("followers")
        return list(rows.living().order_by("pk")) if rows else []

    @cached_property
    def records(self) -> dict:
        """Payments and acceptances of a filed contract; two queries."""
        if not self.paper.filed_at:
            return {}
        paid, accepted = (
            list(rows.select_related("by")) if (rows := self.later(name)) else []
            for name in ("paid", "accepted")
        )
        return {"paid": paid, "accepted": accepted, "total": total(row.amount for row in paid)}

    @property
    def may_enter(self) -> bool:
        ended = self.paper.standing != Standing.IN_FORCE
        return not ended and performance.obstacle(self.paper, self.user) is None

    def follow_ups(self) -> list[tuple[str, str]]:
        """Buttons of a filed contract: (label, address)."""
        if self.paper.seat_obstacle(self.user, Desk.CLERK) or self.paper.follower_obstacle():
            return []
        new = ContractStage.url("new")
        return [(s.label, f"{new}?kind={s}&base={self.paper.pk}") for s in (Sort.SUPPLEMENT, Sort.CHANGE)]
