"""受理: the office releases an objection or refuses it; nothing of it is public before."""

from django.db import transaction

from accounts.models import Post, User
from notices.single.models import SingleSourceNotice
from notices.single.settling import settle
from procurement import clock
from procurement.flow.moves import Conflict, Refused

from .models import Objection


def may_decide(user: User, notice: SingleSourceNotice) -> bool:
    return user.posts.holds(Post.APPROVER, notice.office_id)


@transaction.atomic
def decide(pk: int, by: User, *, public_text: str = "", note: str = "") -> Objection:
    """`public_text` releases it, `note` refuses it; once, under the notice's lock."""
    notice = SingleSourceNotice.objects.locked(Objection.objects.values_list("notice", flat=True).get(pk=pk))
    if not may_decide(by, notice):
        raise Refused("异议由政府采购处受理，您没有这个岗位。")
    objection = Objection.objects.select_for_update().get(pk=pk)
    if objection.state != Objection.State.RECEIVED:
        raise Conflict(f"这件异议现在是“{objection.get_state_display()}”，不能再次受理。")
    objection.state = Objection.State.ACCEPTED if public_text else Objection.State.REFUSED
    objection.public_text, objection.note = public_text, note
    objection.decided_by, objection.decided_at = by, clock.now()
    objection.save(update_fields=["state", "public_text", "note", "decided_by", "decided_at"])
    settle(notice.pk)
    return objection
