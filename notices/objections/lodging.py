"""Taking in an objection: inside the term, within the limit, the same one only once."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from accounts.cakey.entry import client_address
from notices.single.models import SingleSourceNotice
from notices.single.settling import settle
from procurement import clock
from procurement.flow.attachments import clean_name
from procurement.flow.snapshots import digest

from .files import sha256
from .models import Objection, ObjectionFile

WINDOW = timedelta(hours=1)
MOST = 5  # of one address in an hour; an office behind one address rarely has more to say
WAITING = 200  # of one notice, not looked at by the office: then by letter or telephone


class TooLate(Exception):
    """Outside the term (409); the sentence says since when."""


class TooMany(Exception):
    """Beyond the limit (429)."""


def source_of(request) -> str:
    """A keyed hash: enough to count by, not enough to find anybody."""
    return salted_hmac("notices.objections", client_address(request) or "").hexdigest()


@transaction.atomic
def lodge(number: str, data: dict, uploads: list, source: str) -> Objection:
    """Under the notice's lock, which the scheduler takes too: never after the end, however the clock runs."""
    pk = SingleSourceNotice.objects.public().values_list("pk", flat=True).get(number=number)
    paper = settle(pk)
    sums = [sha256(upload) for upload in uploads]
    whole = digest([data["name"], data["contact"], data["reason"], sorted(sums)])
    if (same := paper.objections.filter(digest=whole).first()) is not None:
        return same
    if not paper.open_to_objections:
        raise TooLate(closed_sentence(paper))
    limit(paper, source)
    objection = Objection.objects.create(notice=paper, digest=whole, source=source, **data)
    ObjectionFile.objects.bulk_create(
        ObjectionFile(objection=objection, name=clean_name(one.name), file=one, size=one.size, sha256=sum_)
        for one, sum_ in zip(uploads, sums, strict=True)
    )
    return objection


def limit(paper: SingleSourceNotice, source: str) -> None:
    """Counted in the database, so that every process knows; one address waits for itself only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(source[:15], 16)])
    recent = Objection.objects.filter(source=source, lodged_at__gt=clock.now() - WINDOW)
    if recent.count() >= MOST:
        raise TooMany(f"您所在的网络一小时内已提出 {MOST} 件异议，请稍后再提，或按公示的联系方式书面提出。")
    if paper.objections.filter(state=Objection.State.RECEIVED).count() >= WAITING:
        raise TooMany("本公示待受理的异议过多，网上暂停接收；请按公示的联系方式书面或电话提出。")


def closed_sentence(paper: SingleSourceNotice) -> str:
    """Why no objection is taken any more."""
    if paper.outcome == paper.Outcome.UPHELD:
        return "本公示已因异议成立而终止，不再接收异议。"
    end = f"{paper.term.end:%Y 年 %-m 月 %-d 日}" if paper.term and paper.term.end else "此前"
    return f"公示期已于{end}届满，期满后提出的异议不予受理。"
