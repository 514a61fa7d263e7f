"""Publicity in the demo: notices are typed in and passed, strangers object, a term comes to its end."""

from datetime import timedelta
from urllib.parse import quote

from accounts.models import User
from notices.models import Announcement, Objection, Publication, SingleSourceNotice
from notices.single.settling import settle

from . import books
from .browser import Stopped, Visitor
from .notice_papers import ANNOUNCED, EXPERTS, OPINION, SINGLES, Announced, Single
from .world import PROOF, Told, World, confirmed, must, walk

AGO = timedelta(days=28)  # longer than five working days, whatever holidays lie between


# --- 单一来源公示 -------------------------------------------------------------------------------------


def single_of(wanted: Single) -> SingleSourceNotice | None:
    mine = SingleSourceNotice.objects.filter(clerk__username=wanted.cast["clerk"])
    return mine.filter(project_name=wanted.project).order_by("pk").first()


def publicised(world: World, wanted: Single) -> None:
    """The notice out of this money: typed in when it is missing, then moved on."""
    if single_of(wanted) is None:
        visitor = world.visitor(wanted.cast["clerk"])
        source = confirmed(world, visitor, wanted)
        page = visitor.get(f"/notices/single/new/?c={source.pk}&next=1")
        signed = [
            (f"experts-{number}-signed", f"{name}.pdf", "application/pdf", PROOF)
            for number, (name, _, _) in enumerate(EXPERTS)
        ]
        files = [*signed, ("file:open", "论证意见（公开版）.pdf", "application/pdf", PROOF)]
        answer = visitor.submit(page, "project_name", values(wanted), files, follow=False)
        must(single_of(wanted) is not None, answer, f"填写单一来源公示“{wanted.project}”")
        world.tick()
    walk(world, single_of(wanted), wanted.cast, wanted.steps)


def values(wanted: Single) -> dict[str, str]:
    name, code = wanted.supplier
    given = {
        "action": "save", "project_name": wanted.project, "amount": wanted.confirm, "content": wanted.project,
        "goods_description": wanted.goods, "legal_basis": "31-1", "reason_code": "know_how",
        "reason": wanted.reason, "supplier_name": name, "supplier_uscc": code,
        "supplier_address": "合肥市示例产业园 6 栋", "experts-TOTAL_FORMS": str(len(EXPERTS)),
    }  # fmt: skip
    for number, (expert, employer, title) in enumerate(EXPERTS):
        person = {"name": expert, "employer": employer, "title": title, "opinion": OPINION}
        given |= {f"experts-{number}-{field}": text for field, text in person.items()}
    return given


def objected(world: World, wanted: Single) -> None:
    """Strangers write on the public page; the office takes up what has a text to be released."""
    paper = single_of(wanted)
    address = f"/notices/public/{paper.number}/"
    for number, (name, reason, released) in enumerate(wanted.objections):
        if paper.objections.count() > number:
            continue
        stranger = Visitor(world.site, "")
        typed = {"name": name, "contact": "0551-62810888", "reason": reason}
        answer = stranger.submit(stranger.get(address), "reason", typed, follow=False)
        must(paper.objections.count() == number + 1, answer, f"对 {paper.number} 提出异议")
        world.tick()
        if released:
            accepted(world, paper.objections.latest("pk"), wanted.cast["office"], released)


def accepted(world: World, objection: Objection, officer: str, released: str) -> None:
    visitor, address = world.visitor(officer), f"/notices/objections/{objection.pk}/"
    typed = {"verdict": "accept", "public_text": released, "note": ""}
    answer = visitor.submit(visitor.get(address), "public_text", typed, follow=False)
    objection.refresh_from_db()
    must(objection.state == Objection.State.ACCEPTED, answer, f"受理异议 {objection.code[:6]}")
    world.tick()


def time_passes(wanted: Single) -> None:
    """What nobody can do in a minute: the portal is said to have had it for weeks; the rest follows."""
    paper = single_of(wanted)
    if not wanted.over or paper.closed:
        return
    sent = Publication.objects.filter(document=paper)
    row = sent.get()
    sent.update(sent_at=row.sent_at - AGO, created_at=row.created_at - AGO)
    begun = SingleSourceNotice.objects.filter(pk=paper.pk)  # the scheduler may have looked already
    begun.update(publicity_start=None, publicity_end=None)
    if not settle(paper.pk).closed:
        raise Stopped(f"公示 {paper.number} 没有期满")


# --- 信息公告 -----------------------------------------------------------------------------------------


def announcement_of(wanted: Announced) -> Announcement | None:
    mine = Announcement.objects.filter(clerk__username=wanted.cast["clerk"], format=wanted.number)
    return mine.filter(title=wanted.title).order_by("pk").first()


def announced(world: World, wanted: Announced) -> None:
    if announcement_of(wanted) is None:
        visitor = world.visitor(wanted.cast["clerk"])
        book = f"&book={quote(books.book_of(wanted.book).number)}" if wanted.book else ""
        page = visitor.get(f"/notices/announcements/new/?kind={wanted.number}{book}")
        typed = {"action": "save", "title": wanted.title, **wanted.content}
        files = [("file:public", "验收报告.pdf", "application/pdf", PROOF)] if wanted.steps else []
        answer = visitor.submit(page, "publish_at", typed, files, follow=False)
        must(announcement_of(wanted) is not None, answer, f"填写“{wanted.title}”")
        world.tick()
    walk(world, announcement_of(wanted), wanted.cast, wanted.steps)


# --- together -----------------------------------------------------------------------------------------


def papers() -> list:
    """Those that exist; what the portal is owed of them is the demo's affair."""
    return [*filter(None, map(single_of, SINGLES)), *filter(None, map(announcement_of, ANNOUNCED))]


def entered(world: World) -> None:
    """Everything that needs no answer of the portal; the worker begins at once."""
    for wanted in SINGLES:
        publicised(world, wanted)
    for wanted in ANNOUNCED:
        announced(world, wanted)


def answered(world: World) -> None:
    """What follows once the portal has them."""
    for wanted in SINGLES:
        time_passes(wanted)
        objected(world, wanted)


def finished() -> bool:
    """The last of each has taken its last step."""
    single, announcement = single_of(SINGLES[-1]), announcement_of(ANNOUNCED[-1])
    heard = all(single_of(one).objections.count() >= len(one.objections) for one in SINGLES if single_of(one))
    return single is not None and announcement is not None and heard and not waiting()


def waiting() -> bool:
    return any(one.over and not single_of(one).closed for one in SINGLES)


def tell(world: World, told: Told) -> None:
    """Where each stands, and where anybody may object."""
    for wanted in SINGLES:
        paper = single_of(wanted)
        name = User.objects.get(username=wanted.cast["clerk"]).name
        label = f"单一来源公示 {wanted.project}：{paper.progress or paper.status}"
        told.lines.append((label, name, world.address(f"/notices/single/{paper.pk}/")))
        if wanted.objections:
            told.lines.append(
                (
                    "  公示页面（任何人可以提出异议）",
                    "任何人",
                    world.address(f"/notices/public/{paper.number}/"),
                )
            )
    for wanted in ANNOUNCED:
        paper = announcement_of(wanted)
        label = f"{paper.form.name}：{paper.publication_status or paper.status}"
        told.lines.append((label, paper.clerk.name, world.address(f"/notices/announcements/{paper.pk}/")))
