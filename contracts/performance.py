"""履约登记: payments, acceptances, the end of a contract; each under the contract's lock."""

from django.core.exceptions import ValidationError
from django.db import transaction

from procurement.flow.models import Conflict, Desk, Refused
from procurement.reference.money import plain

from .ending import paid
from .models import AcceptanceRecord, Contract, PaymentRecord
from .models.choices import Sort, Standing


def obstacle(contract: Contract, user) -> str | None:
    """Why this user may not enter anything."""
    if missing := contract.seat_obstacle(user, Desk.CLERK):
        return missing
    if contract.state != Desk.DONE or contract.sort == Sort.CHANGE:
        return "已备案的合同才登记履约情况。"
    return None


def locked(pk: int, user) -> Contract:
    """The fresh row; Refused to whom it is not his, Conflict when it has ended."""
    contract = Contract.objects.locked(pk)
    if why := obstacle(contract, user):
        raise Refused(why)
    if contract.standing != Standing.IN_FORCE:
        raise Conflict(f"合同{contract.get_standing_display()}，不能再登记。")
    return contract


@transaction.atomic
def pay(pk: int, user, record: PaymentRecord) -> PaymentRecord:
    """Never more than was agreed, never less than nothing."""
    contract = locked(pk, user)
    before = paid(contract)
    if before + record.amount > contract.amount:
        left = plain(contract.amount - before)
        raise ValidationError({"amount": f"已支付 {plain(before)} 元，最多还能支付 {left} 元。"})
    if before + record.amount < 0:
        raise ValidationError({"amount": f"退款不能超过已支付的 {plain(before)} 元。"})
    record.contract, record.by = contract, user
    record.save(force_insert=True)
    return record


@transaction.atomic
def accept(pk: int, user, record: AcceptanceRecord) -> AcceptanceRecord:
    record.contract, record.by = locked(pk, user), user
    record.save(force_insert=True)
    return record


@transaction.atomic
def end(pk: int, user, verb: str, reason: str, **hand) -> Contract:
    """终止 or 履约完成, as a move on record."""
    return locked(pk, user).perform(verb, user, reason, **hand)
