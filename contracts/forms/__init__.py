"""The form of a contract: head and rows."""

from .head import ContractForm

__all__ = ["ContractForm"]
