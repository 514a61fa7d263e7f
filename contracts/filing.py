"""备案 and its undoing: number, money, paper and notice in one transaction (domain.md §15.3)."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from budgets.models import Ledger, QuotaConfirmation
from plans.models import Plan
from procurement.flow.models import Conflict
from procurement.reference import numbers
from procurement.reference.money import plain

from . import checks, companions, deadlines, notice, parts, printing
from .models.choices import Standing
from .sums import total
from .suppliers import entering as suppliers

SHORTEST = 5  # characters of a reason


def file(contract, log) -> None:
    """Everything or nothing; the plan's row first, then its quotas by key, the number last."""
    plan = contract.approved_plan = Plan.objects.locked(contract.approved_plan_id)
    parts.load(contract)
    if why := obstacle(contract, plan, lock=True):
        raise ValidationError(why)
    if deadlines.is_late(contract, timezone.localdate(log.at)):
        contract.late_reason = reason(log, "已超过备案期限，请写明逾期原因，至少 5 个字。")
    if contract.moves_money:
        move_money(contract, plan, log)
    suppliers.enter(contract.suppliers.all(), log.by)
    for act in companions.FILED:
        act(contract)
    year, region = timezone.localtime(log.at).year, contract.unit.region
    contract.filing_number = f"HT{year}{region}{numbers.take('HT', year, region=region):06d}"
    contract.filed_at, contract.standing = log.at, Standing.IN_FORCE
    contract.save(update_fields=["filing_number", "filed_at", "standing", "late_reason", "released"])
    printing.order_paper(contract)
    if not contract.is_secret:
        notice.announce(contract)


def reason(log, sentence: str) -> str:
    if len(log.opinion.strip()) < SHORTEST:
        raise ValidationError(sentence)
    return log.opinion.strip()


def obstacle(contract, plan: Plan, *, lock: bool = False) -> str | None:
    """Why it cannot be filed now; None when it can. Being late needs a reason, it is no obstacle."""
    if why := checks.plan_obstacle(plan, lock=lock):
        return why
    if contract.is_follower and (why := contract.base.follower_obstacle()):
        return why
    if contract.moves_money and (quota := provisional(contract)):
        return f"指标 {quota} 是预采购指标，尚未转正，转正后才能备案合同。"
    if contract.closes_plan and (other := unfinished(contract, plan)):
        return f"本计划还有合同 {other.contract_no or other.number}（{other.status}），不能结项。"
    return None


def provisional(contract) -> str:
    """The first quota the contract draws on that is not real money yet."""
    quotas = (row.confirmation.quota for row in contract.fundings.all() if row.amount)
    return next((quota.quota_no for quota in quotas if quota.provisional), "")


def unfinished(contract, plan: Plan):
    """Another contract of the plan that still waits for its money."""
    return plan.contracts.on_the_way().exclude(pk=contract.pk).exclude(state="done").first()


def move_money(contract, plan: Plan, log) -> None:
    """占用转合同; 结项 gives the rest back. All quotas the plan holds are locked first, by key."""
    ledger = Ledger(plan, log.by, move=log, paper=contract)
    held = QuotaConfirmation.objects.filter(holdings__document=plan.pk)
    list(held.select_for_update(of=["self"]).order_by("pk").values_list("pk"))
    ledger.commit({row.confirmation_id: row.amount for row in contract.fundings.all() if row.amount})
    if contract.closes_plan:
        contract.released = total(row.reserved_amount for row in ledger.held().values())
        ledger.release()


def undo(contract, log) -> None:
    """撤销备案 by the office: the money is the plan's again, paper and notice are withdrawn."""
    reason(log, "撤销备案时请写明原因，至少 5 个字。")
    plan = Plan.objects.locked(contract.approved_plan_id)
    if why := contract.cancellable(log.by):  # once more: nobody files a supplement past the plan's lock
        raise Conflict(why)
    if contract.moves_money:
        amounts = {row.confirmation_id: row.amount for row in contract.fundings.all() if row.amount}
        Ledger(plan, log.by, move=log, paper=contract).uncommit(amounts)
    for act in companions.UNDONE:
        act(contract)
    if paper := contract.sealed.filter(template=printing.SLUG).first():  # not the notice's
        paper.withdraw()
    if not contract.is_secret:
        notice.withdraw(contract, log)


def consequence(contract, plan: Plan) -> str:
    """What 备案 will do to the money, said before it is done."""
    if not contract.moves_money:
        return "备案后公告合同变更，金额不变。"
    text = f"备案后 {plain(contract.amount)} 元由计划占用转为合同占用"
    if not contract.closes_plan:
        return text + "。"
    left = total(row.reserved_amount for row in plan.holdings.all()) - contract.amount
    return f"{text}；结项释放计划余款 {plain(left)} 元。"
