"""The site as the demo's people use it: who has logged in, papers moved on, what is told at the end."""

import os
import time
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings

from accounts.models import Post, User
from budgets.models import Quota, QuotaConfirmation
from procurement.flow.models import Document

from .browser import Page, Stopped, Visitor
from .papers import YEAR
from .people import PIN

PROOF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PAGES = {
    "budgetentry": "/budgets/entries", "intent": "/intents", "plan": "/plans", "contract": "/contracts",
    "singlesourcenotice": "/notices/single", "announcement": "/notices/announcements",
}  # fmt: skip


@dataclass
class Told:
    """What happened on the main path, line by line, and how long it took."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)  # what, by whom, address
    began: float = field(default_factory=time.monotonic)
    fresh: bool = True

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


class World:
    """The site, and everybody who has logged in so far."""

    def __init__(self, out):
        self.out = out
        self.site = os.environ.get("DEMO_SITE") or settings.CAKEY_ORIGINS[0]
        self.visitors: dict[str, Visitor] = {}

    def visitor(self, username: str) -> Visitor:
        """That person's browser, logged in with the real key."""
        if username not in self.visitors:
            visitor = Visitor(self.site, settings.CAKEY_RELAY_URL)
            visitor.log_in(username, PIN)
            visitor.submit(visitor.get("/"), "next", {"year": str(YEAR)})
            self.visitors[username] = visitor
        return self.visitors[username]

    def tick(self) -> None:
        self.out.write("·", ending="")
        self.out.flush()

    def address(self, path: str) -> str:
        return self.site + path


def walk(world: World, paper: Document, cast: dict[str, str], steps: list) -> None:
    """Take the steps that are not in the log yet, each by the person whose step it is."""
    prefix = PAGES[paper.kind]
    for number in range(paper.moves.count(), len(steps)):
        step = steps[number]
        visitor = world.visitor(cast[step.who])
        address = f"{prefix}/{paper.pk}/moves/"
        page = visitor.get(f"{address}?verb={step.verb}")
        typed = page.form("version").filled({"verb": step.verb, **step.values})
        answer = visitor.post(address, typed, follow=False)
        must(paper.moves.count() == number + 1, answer, f"{paper.number} {step.verb}")
        world.tick()


def must(happened: bool, answer: Page, what: str) -> None:
    if not happened:
        raise Stopped(f"{what}：{answer.complaint()}")


def confirmed(world: World, visitor: Visitor, wanted) -> QuotaConfirmation:
    clerk = User.objects.get(username=wanted.cast["clerk"])
    units = clerk.posts.organizations(Post.CLERK)
    quota = Quota.objects.filter(project_name=wanted.quota, unit__in=units).earliest("pk")
    made = quota.confirmations.filter(amount=Decimal(wanted.confirm))
    if not made.exists():
        page = visitor.get(f"/budgets/quotas/{quota.pk}/confirm/")
        answer = visitor.submit(page, "amount", {"amount": wanted.confirm}, follow=False)
        must(made.exists(), answer, f"确认指标“{wanted.quota}” {wanted.confirm} 元")
        world.tick()
    return made.first()


def pk_of(model, **where) -> str:
    return str(model.objects.get(**where).pk)
