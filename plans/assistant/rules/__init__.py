"""All rules; importing the modules puts them on the list."""

from . import a, a_money, b, c, c_methods, d, d_sme, e, flags, hard
from .office import office_reasons

__all__ = ["a", "a_money", "b", "c", "c_methods", "d", "d_sme", "e", "flags", "hard", "office_reasons"]
