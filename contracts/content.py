"""The rows of a contract, read once; what the rules look at."""

from dataclasses import dataclass, field
from decimal import Decimal

from procurement.reference.models import Category

from .models import choices
from .parts import load
from .sums import total


@dataclass
class Content:
    """Rows as saved, with the sums the rules compare."""

    suppliers: list = field(default_factory=list)
    items: list = field(default_factory=list)
    fundings: list = field(default_factory=list)
    payments: list = field(default_factory=list)
    files: dict[str, set[str]] = field(default_factory=dict)  # category -> MIME types that are there

    @classmethod
    def of(cls, contract, *, with_files: bool = True) -> "Content":
        """One query each whatever the number of rows."""
        load(contract)
        files: dict[str, set[str]] = {}
        held = contract.attachments.values_list("category", "mime") if with_files else ()
        for category, mime in held:
            files.setdefault(category, set()).add(mime)
        return cls(
            list(contract.suppliers.all()), list(contract.items.all()),
            list(contract.fundings.all()),
            list(contract.payments.all()), files,
        )  # fmt: skip

    @property
    def items_total(self) -> Decimal:
        return total(row.total for row in self.items)

    @property
    def fundings_total(self) -> Decimal:
        return total(row.amount for row in self.fundings)

    @property
    def payments_total(self) -> Decimal:
        return total(row.amount for row in self.payments)

    @property
    def paid_total(self) -> Decimal:
        return total(row.amount for row in self.suppliers if row.is_payee)

    @property
    def has_goods(self) -> bool:
        return any(row.plan_item.category.type == Category.Type.GOODS for row in self.items)

    @property
    def has_sme(self) -> bool:
        return any(row.size in choices.SME for row in self.suppliers)

    @property
    def is_joint(self) -> bool:
        return any(row.role in choices.JOINT for row in self.suppliers)
