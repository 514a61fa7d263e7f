"""What is looked at before a contract is submitted: itself, its plan, the contract it follows."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db.models import F, Sum

from plans import grown
from plans.models import Plan, PlanType
from procurement import clock
from procurement.flow.models import Desk
from procurement.reference.money import plain
from tasks.models import TaskBook

from . import companions, rules
from .content import Content
from .models import choices
from .sums import ZERO, tenth


def submission(contract) -> None:
    """Raise ValidationError with everything that is in the way."""
    problems: dict[str, list[str]] = {}
    found = [*rules.wrong(contract, Content.of(contract), clock.today()), *around(contract)]
    for name, is_wrong, text in found:
        if is_wrong:
            problems.setdefault(name, []).append(text)
    if problems:
        raise ValidationError(problems)


def around(contract) -> Iterator[rules.Rule]:
    """What other papers say to it; the plan is locked: two contracts are not counted past each other."""
    plan = Plan.objects.locked(contract.approved_plan_id)
    why = plan_obstacle(plan, lock=True)
    yield "__all__", why is not None, why or ""
    if contract.is_follower:
        yield from following(contract)
    if contract.moves_money:
        yield from within(contract, plan)
    for ask in companions.FAULTS:
        yield from (("__all__", True, sentence) for sentence in ask(contract))


def plan_obstacle(plan: Plan, *, lock: bool = False) -> str | None:
    """Why no contract may be made of this plan now; `lock` keeps its book from being revoked meanwhile."""
    if plan.state != Desk.DONE:
        return f"采购计划 {plan.number} 现在是“{plan.status}”，不能签订合同。"
    if plan.plan_type == PlanType.HISTORY:
        return None
    books = TaskBook.objects
    if not (books.lock_in_force(plan) if lock else books.filter(approved_plan=plan, revoked_at=None)):
        return f"采购计划 {plan.number} 没有备案的任务书，不能签订合同。"
    if change := grown.locks([plan.pk]).get(plan.pk):
        return f"采购计划 {plan.number} 正在办理采购方式变更 {change}，办结前不能签订合同。"
    return None


def within(contract, plan: Plan) -> Iterator[rules.Rule]:
    """Never above the plan, nor above what the supplier won."""
    others = plan.contracts.on_the_way().exclude(pk=contract.pk).exclude(sort=choices.Sort.CHANGE)
    spent = others.aggregate(sum=Sum(F("amount") - F("returned"), default=ZERO))["sum"]
    text = (
        f"本计划已签合同 {plain(spent)} 元，加上本合同 {plain(contract.amount)} 元，"
        f"超过计划金额 {plain(plan.amount)} 元。"
    )
    yield "amount", spent + contract.amount > plan.amount, text
    if (result := contract.result) is None or contract.is_follower:
        return
    same = others.filter(result=result)
    used = same.aggregate(sum=Sum(F("amount") - F("returned"), default=ZERO))["sum"]
    over = used + contract.amount > result.amount
    yield "amount", over, f"合同金额累计不能超过中标（成交）金额 {plain(result.amount)} 元。"


def following(contract) -> Iterator[rules.Rule]:
    base = contract.base
    why = base.follower_obstacle()
    yield "__all__", why is not None, why or ""
    if contract.sort != choices.Sort.SUPPLEMENT:
        return
    others = base.followers.on_the_way().filter(sort=choices.Sort.SUPPLEMENT).exclude(pk=contract.pk)
    added = others.aggregate(sum=Sum("amount", default=ZERO))["sum"] + contract.amount
    most = tenth(base.amount)
    text = (
        f"补充合同累计 {plain(added)} 元，不得超过原合同金额的 10%，即 {plain(most)} 元"
        "（政府采购法第四十九条）。"
    )
    yield "amount", added > most, text
