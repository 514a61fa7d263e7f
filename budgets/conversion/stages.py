"""预采购转正 and its review by the division."""

from procurement.flow.lists import Column
from procurement.flow.stages import Stage

from .forms import ConversionForm, own_quotas
from .models import Conversion


class ConversionStage(Stage):
    """The unit's clerk enters it, the division passes it (domain.md §5)."""

    model = Conversion
    form = ConversionForm
    section = "采购预算管理"
    entry = "预采购转正"
    review = "预采购转正审核"
    related = ("provisional__fund_nature", "formal__fund_nature")
    columns = [
        Column("转正金额（元）", lambda paper: paper.amount, "money"),
        Column("提交时间", lambda paper: paper.submitted_at, "time", narrow=False),
    ]
    attachments = {"basis": "指标下达文件", "other": "其他附件"}

    @classmethod
    def blank(cls, request) -> Conversion:
        """`?quota=` of the quota's own page is chosen already."""
        paper = super().blank(request)
        asked = request.GET.get("quota", "")
        if asked.isascii() and asked.isdecimal() and len(asked) < 19:
            paper.provisional = own_quotas(paper).filter(pk=asked, provisional=True).first()
        return paper

    @classmethod
    def more(cls, request, paper) -> dict:
        drawn = request.resolver_match.url_name not in ("conversion-new", "conversion-edit")
        if not drawn:
            return {}
        return {"lines": list(paper.lines.all()), "cautions": paper.cautions()}
