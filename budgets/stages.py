"""预算录入 and 预算录入审核: three kinds of entry, one menu for unit, division and office (M 3.1)."""

from procurement import clock
from procurement.flow.context import fiscal_year
from procurement.flow.lists import Column
from procurement.flow.stages import Stage
from procurement.reference.models import Category

from .forms import BudgetEntryForm
from .models import BudgetEntry, EntryType
from .models.entries import FUND_PROOF


class BudgetEntryStage(Stage):
    """Budget entries."""

    model = BudgetEntry
    form = BudgetEntryForm
    section = "采购预算管理"
    entry = "预算录入"
    review = "预算录入审核"
    kinds = dict(EntryType.choices)
    related = ("fund_nature", "function_subject", "gov_econ", "dept_econ", "quota")
    columns = [
        Column("类型", lambda paper: paper.get_entry_type_display(), "tag"),
        Column("资金来源", lambda paper: paper.get_fund_source_display(), narrow=False),
        Column("金额（元）", lambda paper: paper.amount, "money"),
        Column("提交时间", lambda paper: paper.submitted_at, "time", narrow=False),
    ]
    attachments = {FUND_PROOF: "资金证明", "other": "其他附件"}

    @classmethod
    def blank(cls, request):
        """A new entry of the type chosen at 新增."""
        kind = request.GET.get("kind", "")
        paper = cls.model.begin(
            request.user.current.content_object,
            request.user,
            year=min(fiscal_year(request), clock.today().year),
            entry_type=kind if kind in EntryType else EntryType.PRE,
        )
        return paper

    @classmethod
    def form_title(cls, paper) -> str:
        return f"{'修改' if paper.pk else '新增'}{paper.get_entry_type_display()}"

    @classmethod
    def more(cls, request, paper) -> dict:
        """Rows for the detail page, categories for the form's list of suggestions."""
        if request.resolver_match.url_name in ("budgetentry-new", "budgetentry-edit"):
            offered = Category.objects.in_force(clock.today()).selectable()
            return {"categories": offered[:400]}
        return {
            "lines": paper.lines.select_related("category"),
            "beneficiaries": paper.beneficiaries.select_related("organization"),
            "quota": getattr(paper, "quota", None),
        }
