"""What a paper's page tells: steps, facts, differences, holders, obstacles, consequences."""

from typing import Any

from accounts.models import Appointment, Organization, User
from procurement.reference.money import plain as shown_amount

from .desks import REVIEWING, SEATS, Desk
from .snapshots import difference, own_fields


def deletable(paper, user: User) -> bool:
    """A clerk may delete a draft that was never submitted."""
    return paper.submitted_at is None and paper.obstacle("submit", user) is None


def steps(paper, moves=(), route=None) -> list[dict]:
    """The route as shown: each desk with its state done/current/todo and, once passed, who did it."""
    route = [Desk.CLERK, *(Desk(desk) for desk in route or paper.route or paper.required_desks())]
    here = route.index(paper.state) if paper.state in route else len(route)
    people = {entry.source: entry.by for entry in moves if entry.verb in ("submit", "approve", "file")}
    return [
        {
            "label": step_label(paper, desk),
            "state": "done" if place < here else "current" if place == here else "todo",
            "who": people.get(desk) if place < here else None,
        }
        for place, desk in enumerate(route)
    ]


def step_label(paper, desk: Desk) -> str:
    names = {Desk.CLERK: "经办录入", Desk.UNIT: "单位审核", Desk.FILING: paper.verb_label("file")}
    return names.get(desk) or f"{desk.label}审核"


def facts(paper) -> list[tuple[str, Any]]:
    """Label and value of the paper's own fields, for a kind that draws no page of its own."""
    return [
        (field.verbose_name, display(paper, field))
        for field in own_fields(type(paper))
        if getattr(paper, field.name) not in (None, "")
    ]


def display(row, field) -> Any:
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    value = getattr(row, field.name)
    return ("是" if value else "否") if isinstance(value, bool) else value


def changes(paper, moves, user: User) -> list | None:
    """Differences since the version this user last decided on, else since the submission before.

    None when there is nothing to compare: the first submission.
    """
    submits = [entry for entry in moves if entry.verb == "submit"]
    if len(submits) < 2:
        return None
    seen = max(
        (entry.pk for entry in moves if entry.by_id == user.pk and entry.source in REVIEWING), default=0
    )
    before = [entry for entry in submits[:-1] if entry.pk < seen] or submits[:-1]
    return difference(type(paper), before[-1].snapshot, submits[-1].snapshot)


def files(stage, paper) -> list[dict]:
    """Attachments with the label of their category and the address that logs the download."""
    return [
        {
            "file": file,
            "label": stage.attachments.get(file.category, "附件"),
            "url": stage.url("file", paper.pk, file.pk),
        }
        for file in paper.attachments.select_related("uploaded_by")
    ]


def why_not(paper, user: User) -> list[tuple[str, str]]:
    """(button, why it is not open), from the same code as the guard."""
    found = [(paper.verb_label(verb), paper.obstacle(verb, user)) for verb in paper.verb_names()]
    return [(label, obstacle[1]) for label, obstacle in found if obstacle]


def holders(paper, decider: User | None = None) -> dict | None:
    """Where the paper lies: post, organisation, people with phones, since when; None at the end.

    Before the eyes of `decider`, who can decide now, it lies with him: nobody else is looked up.
    """
    seat = SEATS.get(paper.state)
    if seat is None:
        return None
    place: Organization = getattr(paper, seat.place)
    if decider is None:
        found = Appointment.objects.holding(seat.post, place.pk).select_related("user")
        people = [appointment.user for appointment in found]
    return {
        "desk": paper.status,
        "post": seat.post.label,
        "organization": place,
        "people": [decider] if decider else people,
        "since": paper.desk_since,
    }


def next_step(paper) -> str:
    """What happens next, for the message after a move."""
    if paper.state == Desk.DONE:
        return "已办结"
    if paper.state == Desk.VOID:
        return "流程结束"
    if paper.state == Desk.CLERK:
        return "单据回到经办岗"
    if paper.state == Desk.FILING:
        return f"下一步由经办岗{paper.verb_label('file')}"
    seat = SEATS[paper.desk]
    return f"下一步由{getattr(paper, seat.place).label}{seat.post.label}审核"


def consequence(paper) -> str:
    """What a 通过 will do, said before it is done."""
    if paper.state not in REVIEWING:
        return ""
    after = Desk(paper.next_desk())
    if after == Desk.DONE:
        return f"通过后办结，金额 {shown_amount(paper.amount)} 元。"
    target = f"经办岗{paper.verb_label('file')}" if after == Desk.FILING else f"{after.label}审核"
    return f"通过后转{target}，金额 {shown_amount(paper.amount)} 元。"


def queue(stage, paper, user: User) -> dict:
    """Position among what waits on this desk, and the neighbours: 待办 1/12, 上一件, 下一件."""
    waiting = stage.model.objects.waiting_at(user.current).filter(state__in=REVIEWING)
    keys = list(waiting.oldest_first().values_list("pk", flat=True)[:200])
    place = keys.index(paper.pk) if paper.pk in keys else -1
    return {
        "position": place + 1,
        "total": len(keys),
        "previous": stage.url("detail", keys[place - 1]) if place > 0 else "",
        "next": stage.url("detail", keys[place + 1]) if 0 <= place < len(keys) - 1 else "",
    }
