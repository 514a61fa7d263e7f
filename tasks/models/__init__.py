"""Task books, and the change of a plan's method."""

from .book import TaskBook
from .change import MethodChange
from .choices import BookKind, Cause, Channel, Execution

__all__ = ["BookKind", "Cause", "Channel", "Execution", "MethodChange", "TaskBook"]
