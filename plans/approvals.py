"""进口产品采购审批表: the printed paper of one imported product (manual 3.5.6, domain.md §11).

Universities and research institutes put imported instruments on record instead of having each argued
(财库〔2016〕194号, by the setting RESEARCH_IMPORT_FILING also for provincial units): then the paper is called
备案表, the panel may be absent, and the office still reads the plan, as the manual says.
"""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from procurement import clock
from procurement.flow.desks import Desk
from procurement.flow.paper_pages import fetch
from procurement.flow.printing import render_pdf

from .assistant.papers import PAPERS
from .models import ImportApproval, Plan
from .stages import PlanStage, Sheet

KIND = "import_"  # the attachments of an import
DESKS = [(Desk.UNIT, "采购单位审核意见"), (Desk.OFFICE, "财政部门（政府采购处）意见")]


def number(plan: Plan, place: int) -> str:
    """Of the paper: the plan's, and which of its imports."""
    return f"{plan.number}-JK{place:02}"


class Approval:
    """What the paper says about one import block, and who decided it."""

    def __init__(self, plan: Plan, block: ImportApproval):
        self.plan, self.block, self.item = plan, block, block.item
        keys = list(plan.imports.values_list("pk", flat=True))
        self.number = number(plan, keys.index(block.pk) + 1)
        self.filed_only = settings.RESEARCH_IMPORT_FILING and plan.unit.is_research
        self.title = Sheet(plan).import_paper()
        self.experts = list(plan.experts.all())
        self.lawyers = sum(expert.is_lawyer for expert in self.experts)
        files = plan.attachments.filter(category__startswith=KIND).order_by("pk")
        self.files = [(PAPERS.get(file.category, file.category), file) for file in files]

    @property
    def done(self) -> bool:
        return self.plan.state == Desk.DONE

    def decisions(self) -> list[dict]:
        """The last word of each desk; an older one was overtaken by a return."""
        passed = self.plan.moves.filter(verb="approve").select_related("by", "organization").defer("snapshot")
        last = {move.source: move for move in passed.order_by("pk")} if self.done else {}
        return [{"label": label, "move": last.get(desk)} for desk, label in DESKS]


def printed(request, pk: int, block: int):
    """The paper as PDF for whoever may see the plan; before the end of the way it carries the mark."""
    plan = fetch(PlanStage, request, pk)
    found = get_object_or_404(plan.imports.select_related("item__category"), pk=block)
    approval = Approval(plan, found)
    context = {
        "paper": plan, "approval": approval, "by": request.user, "now": clock.now(),
        "draft": not approval.done,
    }  # fmt: skip
    response = HttpResponse(render_pdf(["plans/import_print.html"], context), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{approval.number}.pdf"'
    return response
