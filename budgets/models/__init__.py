"""Budget entries, quotas, what is confirmed of them, and the ledger of every movement."""

from ..carryover.models import CarryOver, CarryOverLine, Ruling, YearClose
from ..carryover.windows import CarryWindow
from ..conversion.models import Conversion, ConversionLine
from .confirmations import QuotaConfirmation
from .entries import Beneficiary, BudgetEntry, BudgetEntryLine, EntryType, FundSource
from .imports import QuotaImport
from .ledger import Holding, Ledger, LedgerEntry, LedgerKind, Shortage
from .quotas import AdjustmentKind, Quota, QuotaAdjustment, QuotaSource

__all__ = [
    "AdjustmentKind",
    "Beneficiary",
    "BudgetEntry",
    "BudgetEntryLine",
    "CarryOver",
    "CarryOverLine",
    "CarryWindow",
    "Conversion",
    "ConversionLine",
    "EntryType",
    "FundSource",
    "Holding",
    "Ledger",
    "LedgerEntry",
    "LedgerKind",
    "Quota",
    "QuotaAdjustment",
    "QuotaConfirmation",
    "QuotaImport",
    "QuotaSource",
    "Ruling",
    "Shortage",
    "YearClose",
]
