"""Contracts and their rows."""

from .choices import ContractType, Origin, Size, Sort, Special, Standing
from .contract import Contract
from .rows import ContractFunding, ContractItem, ContractPayment, ContractSupplier

__all__ = [
    "Contract",
    "ContractFunding",
    "ContractItem",
    "ContractPayment",
    "ContractSupplier",
    "ContractType",
    "Origin",
    "Size",
    "Sort",
    "Special",
    "Standing",
]
