"""Questions about papers: who may see them, on whose desk they lie."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Appointment, Post

from .desks import REVIEWING, SEATS, Desk

MINE = Q(state=Desk.CLERK, last_verb="send_back")  # a clerk's own work: returned papers, not his drafts


class DocumentQuerySet(models.QuerySet):
    """Reads of papers; nothing here writes."""

    def visible_to(self, user) -> "DocumentQuerySet":
        """Own unit sees all; a division, a department, the office and auditors what was once submitted."""
        posts = user.posts
        own = posts.organizations(Post.CLERK) | posts.organizations(Post.REVIEWER)
        above = Q(division__in=posts.organizations(Post.REVIEWER)) | Q(
            office__in=posts.organizations(Post.APPROVER)
        )
        if posts.organizations(Post.VIEWER):
            above |= Q(unit__parent__in=posts.organizations(Post.VIEWER))
        if posts.organizations(Post.AUDITOR):
            above |= Q(pk__isnull=False)
        return self.filter(Q(unit__in=own) | (above & Q(submitted_at__isnull=False, is_secret=False)))

    def waiting_at(self, appointment: Appointment | None) -> "DocumentQuerySet":
        """What lies on this post's desk now: to review, to file, or returned for mending."""
        if appointment is None:
            return self.none()
        on_desk = Q(pk__in=[])
        for desk, seat in SEATS.items():
            if seat.post == appointment.post:
                here = {f"{seat.place}_id": appointment.content_object_id}
                on_desk |= Q(MINE if desk == Desk.CLERK else Q(state=desk), **here)
        mine = Q(state__in=REVIEWING, submitted_by=appointment.user_id, unit__self_review_allowed=False)
        return self.filter(on_desk).exclude(mine)

    def handled_by(self, user) -> "DocumentQuerySet":
        """Papers this person has moved."""
        moves = self.model._meta.get_field("moves").related_model
        return self.filter(Exists(moves.objects.filter(document=OuterRef("pk"), by=user)))

    def in_year(self, year: int) -> "DocumentQuerySet":
        return self.filter(fiscal_year=year)

    def matching(self, text: str) -> "DocumentQuerySet":
        """Number or title contains the text."""
        text = text.replace("\x00", "").strip()
        return self.filter(Q(number__icontains=text) | Q(title__icontains=text)) if text else self

    def for_list(self) -> "DocumentQuerySet":
        return self.select_related("unit", "division", "office", "clerk")

    def oldest_first(self) -> "DocumentQuerySet":
        return self.order_by(F("desk_since").asc(), "pk")

    def locked(self, pk: int):
        """The fresh row under a lock; call inside a transaction."""
        parents = [link.name for link in self.model._meta.parents.values() if link]
        return self.select_for_update(of=("self", *parents)).get(pk=pk)
