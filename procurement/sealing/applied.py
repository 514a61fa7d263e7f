"""年终结转申请表 as a sealed paper: budgets lies below and knows no papers, so it is tied on from here."""

from budgets.carryover import paper as carried
from budgets.carryover.models import APPROVED
from budgets.carryover.stages import COMPANIONS

from . import registry
from .models import SealedPaper
from .views import may_retry

TEMPLATE = registry.Template(
    carried.SLUG, carried.TITLE, "budgets/paper_carryover.html", carried.context, carried.brief, "批准"
)


def order(application, log) -> None:
    """In the transaction of the last approval."""
    taken = carried.snapshot(application, log.at)
    SealedPaper.order(
        application, carried.SLUG, title=carried.TITLE, number=application.number, snapshot=taken
    )


def companion(request, application) -> dict:
    """For the application's own page."""
    sealed = application.sealed.filter(template=carried.SLUG).first() if application.is_over else None
    return {"sealed": sealed, "may_retry": bool(sealed) and may_retry(request.user, application)}


def connect() -> None:
    registry.register(TEMPLATE)
    APPROVED.append(order)
    COMPANIONS.append(companion)
