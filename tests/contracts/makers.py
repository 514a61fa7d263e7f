"""Contracts for tests, from a plan whose book is filed."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.db import transaction
from django.utils import timezone

from contracts.deadlines import set_days
from contracts.models import Contract, ContractFunding, ContractItem, ContractPayment, ContractSupplier
from plans.models import Plan
from procurement.flow.models import Attachment
from tasks.executors import manual
from tasks.models import ExecutionResult, TaskBook
from tests.contracts.statistics import makers as statistics
from tests.plans.makers import confirmation
from tests.tasks import makers as books
from tests.tasks.outside import result as award

TODAY = timezone.localdate()
USCC = "91340000MB0000001G"
HEAD = {
    "purchaser_contact": "李经办", "purchaser_phone": "0551-62816021", "method": "open_tender",
    "purchaser_address": "合肥市示例路1号",
    "contract_type": "sale", "sign_place": "合肥市", "place": "合肥市示例路1号", "inspector": "self",
    "inspection": "once", "acceptance_content": "数量、型号、外观和开机运行",
    "acceptance_standard": "符合合同约定的技术参数", "pay_days": 30,
}  # fmt: skip
SUPPLIER = {
    "name": "安徽示例科技有限公司", "uscc": USCC, "phone": "0551-65550101",
    "address": "合肥市高新区示例路2号", "representative": "周示例", "region": "合肥市", "size": "1",
    "account_name": "安徽示例科技有限公司",
    "bank": "示例银行合肥分行", "account": "6222000000000001",
}  # fmt: skip


def book(unit, clerk, reviewer, confirmed=None, amount: str = "1000.00", **fields) -> TaskBook:
    """A filed task book of one item, carried out by the unit itself."""
    if confirmed is None:
        confirmed = confirmation(unit, clerk)
    return books.filed(unit, clerk, reviewer, confirmed, amount=amount, **fields)


def result(of: TaskBook, clerk, amount: str = "900.00", **fields) -> ExecutionResult:
    """What came of the book, as the clerk enters it."""
    manual.enter(of, clerk, "result", result=award(of, amount, **fields))
    return of.results.latest("pk")


def history(plan: Plan, clerk, amount: str = "900.00", **fields) -> Contract:
    """A contract of a plan of 历史合同补录, which has no book."""
    head = {"unit": plan.unit, "division": plan.division, "fiscal_year": plan.fiscal_year}
    found = SimpleNamespace(approved_plan=plan, **head)
    return draft(found, clerk, amount, **({"book": None, "sort": "history"} | fields))


@transaction.atomic
def draft(of: TaskBook, clerk, amount: str = "900.00", **fields) -> Contract:
    """A complete contract on the clerk's desk: one supplier, one line, one funding, one payment."""
    plan, total, head = of.approved_plan, Decimal(amount), HEAD | fields
    supplier, line = head.pop("supplier", {}), head.pop("item", {})
    days = {"signed_on": TODAY, "starts_on": TODAY, "ends_on": TODAY + timedelta(days=30)}
    paper = Contract.begin(
        of.unit, clerk, year=of.fiscal_year, division=of.division, title=head.pop("title", "台式计算机合同"),
        amount=total, is_secret=head.pop("is_secret", plan.is_secret), case=plan.case, approved_plan=plan,
        purchaser=of.unit, **({"book": of} | days | head),
    )  # fmt: skip
    paper.assign_number()
    paper.contract_no = paper.contract_no or paper.number
    set_days(paper)
    paper.save()
    ContractSupplier.objects.create(contract=paper, **(SUPPLIER | {"amount": total} | supplier))
    item = plan.items.first()
    ContractItem.objects.create(
        contract=paper, plan_item=item, **(
            {"name": item.content, "measure": item.measure, "quantity": item.quantity, "brand": "示例",
             "model": "T1", "unit_price": total, "total": total} | line
        ),
    )  # fmt: skip
    funding = plan.fundings.first()
    ContractFunding.objects.create(contract=paper, confirmation=funding.confirmation, amount=total)
    ContractPayment.objects.create(contract=paper, condition="验收合格后一次性支付", ratio=100, amount=total)
    statistics.complete(paper)
    for category in ("text", "public"):
        attach(paper, clerk, category)
    return Contract.objects.get(pk=paper.pk)


def attach(paper: Contract, clerk, category: str) -> Attachment:
    """The row of an uploaded file, without its bytes."""
    return Attachment.objects.create(
        document=paper, category=category, name="合同.pdf", file="nowhere", size=10, sha256="0" * 64,
        mime="application/pdf", uploaded_by=clerk,
    )  # fmt: skip


def approved(of: TaskBook, clerk, reviewer, amount: str = "900.00", **fields) -> Contract:
    """Ready for 备案."""
    return draft(of, clerk, amount, **fields).perform("submit", clerk).perform("approve", reviewer)


def filed(of: TaskBook, clerk, reviewer, amount: str = "900.00", **fields) -> Contract:
    """备案 done; `late` is the reason of a late filing."""
    late = fields.pop("late", "")
    return approved(of, clerk, reviewer, amount, **fields).perform("file", clerk, late)
