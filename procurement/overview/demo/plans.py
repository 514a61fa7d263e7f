"""The plans of the demo: typed into the real form, explained where the assistant doubts, moved on."""

from decimal import Decimal

from accounts.models import Organization
from intents.models import IntentItem
from plans.models import Plan
from procurement.flow.models import Desk

from .browser import Page, Visitor
from .plan_papers import END, KEPT, MORE_BOOKS, PLANS, Item
from .plan_papers import Plan as Wanted
from .world import PROOF, Told, World, confirmed, must, pk_of, walk

BOSS = {"responsible_name": "张主任", "responsible_phone": "0551-62810100", "expected_finish": END}


def plan_of(wanted: Wanted) -> Plan | None:
    mine = Plan.objects.filter(clerk__username=wanted.cast["clerk"], plan_type=wanted.kind)
    return mine.filter(fundings__confirmation__quota__project_name=wanted.quota).order_by("pk").first()


def planned(world: World, wanted: Wanted) -> Plan:
    """The plan out of this money: typed in when it is missing, submitted from its form, then moved on."""
    visitor, page = world.visitor(wanted.cast["clerk"]), None
    if plan_of(wanted) is None:
        files = [(f"file:{code}", f"{code}.pdf", "application/pdf", PROOF) for code in wanted.files]
        page = visitor.submit(fresh(world, visitor, wanted), "items-TOTAL_FORMS", values(wanted), files)
        must(plan_of(wanted) is not None, page, f"填写计划“{wanted.quota}”")
        world.tick()
    paper = plan_of(wanted)
    if wanted.steps and not paper.moves.exists():
        submitted(world, visitor, paper, page or visitor.get(f"/plans/{paper.pk}/edit/"))
    walk(world, paper, wanted.cast, wanted.steps)
    return paper


def fresh(world: World, visitor: Visitor, wanted: Wanted) -> Page:
    """新增 from the confirmed money, or from the published intent."""
    address = f"/plans/new/?kind={wanted.kind}"
    if wanted.confirm:
        return visitor.get(f"{address}&c={confirmed(world, visitor, wanted).pk}&next=1")
    row = IntentItem.objects.live().filter(project_name=wanted.quota, intent__state=Desk.DONE).earliest("pk")
    return visitor.get(f"{address}&intent={row.pk}")


def submitted(world: World, visitor: Visitor, paper: Plan, page: Page) -> None:
    """提交审核 in the form, with a reason beside every doubt of the assistant."""
    doubts = [name for name in page.form("items-TOTAL_FORMS").names() if name.startswith("keep:")]
    kept = dict.fromkeys(doubts, KEPT) | {"action": "submit"}
    answer = visitor.submit(page, "items-TOTAL_FORMS", kept, follow=False)
    must(paper.moves.exists(), answer, f"提交计划 {paper.number}")
    world.tick()


def values(wanted: Wanted) -> dict[str, str]:
    """What the clerk types over what the form knows already."""
    given = {"action": "save", **BOSS, **wanted.head, "items-TOTAL_FORMS": str(len(wanted.items))}
    total = sum(Decimal(item.price) * Decimal(item.quantity) for item in wanted.items)
    given["fundings-0-amount"] = str(total)
    if wanted.agency:
        given["agency"] = pk_of(Organization, name=wanted.agency)
    for number, item in enumerate(wanted.items):
        given |= {f"items-{number}-{name}": text for name, text in cells(item).items()}
    return given | experts(wanted)


def cells(item: Item) -> dict[str, str]:
    return {
        "category": item.category, "content": item.content, "quantity": item.quantity,
        "measure": item.measure, "unit_price": item.price, "entry_mode": "by_unit", "requirement": item.need,
        **item.more,
    }  # fmt: skip


def experts(wanted: Wanted) -> dict[str, str]:
    """The panel that argued an import."""
    if not wanted.experts:
        return {}
    given = {"experts-TOTAL_FORMS": str(len(wanted.experts))}
    for number, (name, employer, title) in enumerate(wanted.experts):
        person = {"name": name, "employer": employer, "title": title, "opinion": "同意采购进口产品。"}
        given |= {f"experts-{number}-{field}": text for field, text in person.items()}
    return given | {f"experts-{len(wanted.experts) - 1}-is_lawyer": "on"}


def tell(world: World, told: Told, main: Wanted) -> None:
    """The main plan move by move, then where each of the others stands."""
    paper = plan_of(main)
    address = world.address(f"/plans/{paper.pk}/")
    for move in paper.moves.select_related("by"):
        told.lines.append((f"采购计划 {paper.verb_label(move.verb)}", move.by.name, address))
    for other in filter(None, map(plan_of, [*PLANS, *MORE_BOOKS])):
        label = f"{other.get_plan_type_display()} {other.title}：{other.status}"
        told.lines.append((label, other.clerk.name, world.address(f"/plans/{other.pk}/")))
