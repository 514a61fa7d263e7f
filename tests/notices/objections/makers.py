"""Objections for tests, and notices somebody objected to."""

from datetime import timedelta

from django.utils import timezone

from notices.models import Objection, ObjectionAnswer, Publication, SingleSourceNotice
from notices.objections.lodging import lodge
from notices.objections.moderation import decide
from notices.single.settling import settle
from tests.notices.single import makers as notices

REASON = "我公司也能提供同类波谱仪的维护服务，附制造商授权书，请予核实。"
RELEASED = "另有供应商称持有制造商授权，可以提供同类维护服务。"


def typed(**fields) -> dict:
    return {"name": "示例仪器有限公司", "contact": "13800000000", "reason": REASON} | fields


def lodged(paper, source: str = "a" * 64, uploads=(), **fields) -> Objection:
    """As the public page takes it in."""
    number = SingleSourceNotice.objects.filter(pk=paper.pk).values_list("number", flat=True).get()
    fields.setdefault("name", f"示例仪器有限公司 {Objection.objects.count()}")
    return lodge(number, typed(**fields), list(uploads), source)


def objected(unit, clerk, officer, **fields) -> SingleSourceNotice:
    """Publicised, with one released objection; its term still runs."""
    paper = notices.published(unit, clerk, officer, **fields)
    decide(lodged(paper).pk, officer, public_text=RELEASED)
    return notices.again(paper)


def over(paper) -> SingleSourceNotice:
    """Three weeks pass: the term is over, as the calendar has it."""
    sent = timezone.now() - timedelta(days=21)
    Publication.objects.filter(document=paper).update(sent_at=sent)
    SingleSourceNotice.objects.filter(pk=paper.pk).update(publicity_start=None, publicity_end=None)
    return settle(paper.pk)


def answered(paper, clerk, conclusion: str = "overruled") -> ObjectionAnswer:
    """The unit's answer on the clerk's desk."""
    from django.db import transaction

    answer = ObjectionAnswer.begin(
        paper.unit, clerk, year=paper.fiscal_year, notice=paper, case=paper.case, title="关于异议的答复",
        argument="已组织三名外单位专家补充论证，逐条核实异议所称授权书。", conclusion=conclusion,
        reply="经补充论证，授权书不含超导磁体维护，异议不成立。",
    )  # fmt: skip
    with transaction.atomic():
        answer.assign_number()
        answer.save()
    return answer
