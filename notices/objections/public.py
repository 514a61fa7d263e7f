"""What anybody sees of a notice: the seven items, the term, released objections, the answer."""

from notices.models import ObjectionAnswer, SingleSourceNotice
from notices.single.terms import days_left
from notices.single.wording import objection_address
from procurement import clock
from procurement.flow.models import Desk

from .lodging import closed_sentence


def context_of(paper: SingleSourceNotice, form) -> dict:
    """Everything for the page; the same few questions however much there is."""
    opened = paper.open_to_objections
    return {
        "paper": paper, "experts": paper.experts.all(), "objections": objection_address(paper),
        "released": list(paper.objections.released()), "answer": answer_of(paper),
        "files": paper.attachments.filter(is_public=True), "form": form if opened else None,
        "closed": "" if opened else closed_sentence(paper),
        "left": days_left(clock.today(), paper.term.end) if opened and paper.term.end else None,
    }  # fmt: skip


def answer_of(paper: SingleSourceNotice) -> ObjectionAnswer | None:
    """Public once the office has decided."""
    return ObjectionAnswer.objects.filter(notice=paper, state=Desk.DONE).first()
