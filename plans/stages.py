"""采购计划申报 and 采购计划审核 (manual 3.5)."""

from django.conf import settings

from procurement import clock
from procurement.flow import detail
from procurement.flow.context import fiscal_year
from procurement.flow.lists import Column
from procurement.flow.signing import session_key
from procurement.flow.stages import Stage
from procurement.reference.models import Category

from . import copying
from .assistant import Panel, against_batch, restored
from .assistant.papers import PAPERS
from .forms import PlanForm
from .models import Plan, PlanType
from .sources import (
    chosen,
    chosen_intent,
    chosen_notice,
    head_of_intent,
    head_of_notice,
    rows_of_confirmations,
    rows_of_intent,
    rows_of_notice,
)

OFFERED = 400
COPY = "copy"  # what 新增 offers besides the types
COMPANIONS = []  # (request, plan) -> {"template", "css", "buttons", …}: what later apps add to a plan's page
DERIVED = {"辅助填报结果", "报政府采购处审核的原因"}  # said elsewhere on the page, in full


class PlanStage(Stage):
    """Procurement plans of four types."""

    model = Plan
    form = PlanForm
    section = "采购计划管理"
    entry = "采购计划申报"
    review = "采购计划审核"
    kinds = {**dict(PlanType.choices), COPY: "复制去年计划"}
    related = ("intent_item__intent", "agency", "notice")
    attachments = PAPERS
    columns = [
        Column("类型", lambda p: p.get_plan_type_display(), "tag"),
        Column("采购方式", lambda p: p.get_method_display() or p.get_mall_mode_display(), narrow=False),
        Column("委托方式", lambda p: p.get_entrust_mode_display(), narrow=False),
        Column("计划金额（元）", lambda p: p.amount, "money"),
        Column("提交时间", lambda p: p.submitted_at, "time", narrow=False),
    ]

    @classmethod
    def batchable(cls, paper) -> str | None:
        """Low risk: no orange finding, no flag, not for the office; else what stands against it."""
        return against_batch(paper)

    @classmethod
    def kind(cls, request) -> str:
        """The type chosen at 新增; a copy has the type of its original."""
        if (old := copying.chosen(request)) is not None:
            return old.plan_type
        kind = request.GET.get("kind", "")
        return kind if kind in PlanType else PlanType.PROJECT

    @classmethod
    def blank(cls, request) -> Plan:
        by, unit = request.user, request.user.current.content_object
        known = {"handler_name": by.name, "handler_phone": by.phone}
        kind = cls.kind(request)
        if (old := copying.chosen(request)) is not None:
            known |= copying.head_of(old)
        if (item := cls.intent(request)) is not None:
            known |= head_of_intent(item)
        elif (notice := cls.notice(request)) is not None:
            known |= head_of_notice(notice)
        return Plan.begin(unit, by, year=fiscal_year(request), plan_type=kind, **known)

    @classmethod
    def intent(cls, request):
        """The published row it starts from; read once a request."""
        if not hasattr(request, "_intent"):
            project = cls.kind(request) == PlanType.PROJECT
            request._intent = chosen_intent(request) if project else None
        return request._intent

    @classmethod
    def notice(cls, request):
        """The completed single-source notice it starts from; read once a request."""
        if not hasattr(request, "_notice"):
            project = cls.kind(request) == PlanType.PROJECT
            request._notice = chosen_notice(request) if project else None
        return request._notice

    @classmethod
    def build_form(cls, request, paper, data=None, files=None) -> PlanForm:
        start = {} if paper.pk or data is not None else cls.start(request, paper)
        paper.acting = request.user, session_key(request)
        return cls.form(data, files, instance=paper, by=request.user, start=start)

    @classmethod
    def start(cls, request, paper) -> dict:
        """The first rows: of an older plan, the intent, the notice, else the confirmations ticked."""
        if (old := copying.chosen(request)) is not None:
            return copying.rows_of(old)
        if (item := cls.intent(request)) is not None:
            return rows_of_intent(item, paper.plan_type)
        if (notice := cls.notice(request)) is not None:
            return rows_of_notice(notice, paper.plan_type)
        rows = chosen(request, paper.plan_type)
        return rows_of_confirmations(rows) if rows else {}

    @classmethod
    def form_title(cls, paper) -> str:
        return f"{'修改' if paper.pk else '新增'}{paper.get_plan_type_display()}"

    @classmethod
    def more(cls, request, paper) -> dict:
        more = {"sheet": Sheet(paper)}
        if request.resolver_match.url_name == "plan-detail" and paper.submitted_at:
            more["panel"] = Panel(restored(paper.findings), paper.kept, readonly=True)
            found = detail.changes(paper, list(paper.moves.all()), request.user)
            more["changes"] = found and [change for change in found if change.label not in DERIVED]
            more["companions"] = [add(request, paper) for add in COMPANIONS]
        return more


class Sheet:
    """What the detail, form and print pages show besides; each part is read when a template asks."""

    def __init__(self, paper: Plan):
        self.paper = paper

    def items(self) -> list:
        return list(self.paper.items.select_related("category", "import_approval"))

    def fundings(self) -> list:
        return list(self.paper.fundings.select_related("confirmation__quota__fund_nature"))

    def packages(self) -> list:
        return list(self.paper.packages.all())

    def experts(self) -> list:
        return list(self.paper.experts.all())

    def import_paper(self) -> str:
        """What the printed paper of an import is called (domain.md §11)."""
        filed = settings.RESEARCH_IMPORT_FILING and self.paper.unit.is_research
        return f"进口产品采购{'备案' if filed else '审批'}表"

    def categories(self):
        """What the field offers while typing; every other category is found by code, name or initials."""
        offered = Category.objects.in_force(clock.today()).selectable()
        if self.paper.plan_type == PlanType.MALL:
            offered = offered.filter(mall_allowed=True)
        return offered.order_by("code")[:OFFERED]

    def facts(self) -> list[tuple[str, list]]:
        """(heading, rows of label and value) of the head, in the order of the form."""
        from .forms.plan import HEAD, OF_TYPE

        parts = {"head": [name for name in HEAD if name != "title"], **OF_TYPE[self.paper.plan_type]}
        titles = {
            "head": "基本信息",
            "intent": "采购意向",
            "organisation": "采购组织信息",
            "traits": "项目特征",
        }
        return [(titles[part], rows) for part, names in parts.items() if (rows := self.rows(names))]

    def rows(self, names: list[str]) -> list[tuple[str, object]]:
        """Label and value of the fields that say something."""
        fields = [Plan._meta.get_field(name) for name in names]
        return [
            (field.verbose_name, detail.display(self.paper, field))
            for field in fields
            if getattr(self.paper, field.name) not in (None, "", False)
        ]
