"""Task books, and the change of a plan's method; what executors say and bring about."""

from .book import TaskBook
from .change import MethodChange
from .choices import BookKind, Cause, Channel, Execution
from .events import ExecutorEvent
from .results import ExecutionResult, ResultLine, ResultSupplier

__all__ = [
    "BookKind",
    "Cause",
    "Channel",
    "Execution",
    "ExecutionResult",
    "ExecutorEvent",
    "MethodChange",
    "ResultLine",
    "ResultSupplier",
    "TaskBook",
]
