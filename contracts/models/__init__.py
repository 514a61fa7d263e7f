"""Contracts and their rows."""

from .choices import ContractType, Origin, Sort, Standing
from .contract import Contract
from .performance import AcceptanceRecord, PaymentRecord
from .rows import ContractFunding, ContractItem, ContractPayment, ContractSupplier

__all__ = [
    "AcceptanceRecord",
    "Contract",
    "ContractFunding",
    "ContractItem",
    "ContractPayment",
    "ContractSupplier",
    "ContractType",
    "Origin",
    "PaymentRecord",
    "Sort",
    "Standing",
]
