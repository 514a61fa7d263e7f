"""The kernel: a paper that travels from desk to desk, and the log of its moves."""

import uuid
from collections.abc import Callable

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django_fsm import GET_STATE, FSMField

from accounts.models import Organization, User
from procurement import clock

from . import signing, travel, years
from .attachments import Attachment, Download
from .desks import REVIEWING, SEATS, Desk
from .documents import DocumentQuerySet
from .drafts import Draft
from .log import Move
from .moves import Conflict, Refused, label_of, move
from .outbox import Delivery

__all__ = ["Attachment", "Conflict", "Delivery", "Desk", "Document", "Download", "Draft", "Move", "Refused"]


class Document(models.Model):
    """A paper that travels from desk to desk. `state` names the desk it lies on."""

    desks: list[Desk] = [Desk.UNIT]  # after 经办岗, in order; FILING last where the unit acts once more
    verbs: dict[str, str] = {}  # labels other than the usual ones, e.g. {"file": "发布"}
    line_sets: list[str] = []  # related names of the rows that belong to the paper
    recording: tuple[str, ...] = ("submit",)  # verbs that put its content on record
    outlives_year = False  # True: it follows a running plan, whose year may be closed long since
    explains: dict[str, Callable] = {}  # JSON field -> function(old fields, new fields) -> list of Change

    kind = models.CharField("类型", max_length=30, editable=False)
    number = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("名称", max_length=300)
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="采购单位")
    division = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="归口财政内部机构"
    )
    office = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="政府采购处")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    amount = models.DecimalField("金额（元）", max_digits=18, decimal_places=2, default=0)
    is_secret = models.BooleanField("涉密", default=False)
    case = models.UUIDField("全流程编号", default=uuid.uuid4, editable=False)
    state = FSMField("环节", choices=Desk, default=Desk.CLERK, protected=True)
    route = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    clerk = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提交人")
    submitted_at = models.DateTimeField("提交时间", null=True)
    desk_since = models.DateTimeField("到岗时间", default=clock.now)
    last_verb = models.CharField(max_length=20, blank=True)
    hands = models.JSONField(default=dict)  # desk -> ids of those who decided there (four eyes)
    version = models.PositiveIntegerField(default=1)
    content_sha256 = models.CharField(max_length=64, blank=True)
    head = models.CharField(max_length=64, blank=True)  # hash of the last move: the chain's end
    created_at = models.DateTimeField("新建时间", default=clock.now, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单据"
        default_permissions = ()
        indexes = [
            models.Index(fields=["unit", "kind", "fiscal_year", "state", "-id"], name="papers_of_a_unit"),
            models.Index(
                fields=["division", "desk_since"], name="division_desk", condition=Q(state="division")
            ),
            models.Index(fields=["office", "desk_since"], name="office_desk", condition=Q(state="office")),
            models.Index(fields=["case"], name="papers_of_a_case"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Desk.values), name="state_is_a_desk"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="amount_not_negative"),
            models.UniqueConstraint(fields=["id", "is_secret"], name="document_id_and_secrecy"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    # --- what a kind of paper may say about itself -----------------------------------------------------

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        """The number given at the first save; each kind has its pattern (domain.md §16)."""
        raise TypeError(f"{cls.__name__} says no number pattern")

    def required_desks(self) -> list[Desk]:
        """Desks to pass, in order; override when the content decides."""
        return self.desks

    def expected_desks(self) -> list[Desk]:
        """The route of a paper on the clerk's desk, foreseen from what it says so far; may read rows."""
        return self.required_desks()

    def check_complete(self) -> None:
        """Raise ValidationError when the paper may not be submitted."""

    def submitted(self, log: "Move") -> None:
        """Consequences of a submit, same transaction (money is reserved here)."""

    def reopened(self, log: "Move") -> None:
        """It is back on the clerk's desk or void: what `submitted` took is given back."""

    def finish(self, log: "Move") -> None:
        """Consequences of the last step, same transaction."""

    def void_obstacle(self) -> str | None:
        """Why an approved paper may not be voided; None when nothing has grown out of it."""
        return "已办结的单据不能作废。"

    def decided(self, log: "Move") -> "tuple[Document, dict] | None":
        """The paper a person decides on with this move, and what he signs of it; read again years later.

        None: the move after it, of the same person in the same transaction, is signed for both.
        """
        return self, log.decided()

    # --- reading --------------------------------------------------------------------------------------

    @classmethod
    def begin(cls, unit: Organization, by: User, *, year: int, **fields):
        """A new paper of this kind on the clerk's desk, unsaved; its number comes with the first save."""
        division = fields.pop("division", None) or unit.division
        if division is None:
            raise Refused(f"{unit.label}没有归口财政内部机构，不能办理{cls._meta.verbose_name}。")
        return cls(
            kind=cls._meta.model_name,
            unit=unit,
            division=division,
            office=Organization.objects.office(),
            fiscal_year=year,
            clerk=by,
            **fields,
        )

    def assign_number(self) -> None:
        """Call inside the transaction of the first save."""
        self.number = self.number or self.new_number(self.unit, self.fiscal_year)

    @property
    def desk(self) -> Desk:
        return Desk(self.state)

    @property
    def is_returned(self) -> bool:
        return self.state == Desk.CLERK and self.last_verb == "send_back"

    @property
    def status(self) -> str:
        """The state in words, as lists show it."""
        if self.state == Desk.CLERK:
            return "已退回" if self.is_returned else "待提交"
        if self.state in REVIEWING:
            return f"审核中（{self.desk.label}）"
        return f"待{self.verb_label('file')}" if self.state == Desk.FILING else self.desk.label

    def verb_label(self, verb: str) -> str:
        return self.verbs.get(verb) or label_of(getattr(type(self), verb))

    def next_desk(self) -> str:
        """The desk after the present one on this paper's route."""
        position = self.route.index(self.state) + 1 if self.state in self.route else 0
        return self.route[position] if position < len(self.route) else Desk.DONE

    def return_desks(self) -> list[Desk]:
        """Where a reviewer may send it back to: the clerk and every earlier desk of the route."""
        here = self.route.index(self.state) if self.state in self.route else 0
        return [Desk.CLERK, *(Desk(desk) for desk in self.route[:here])]

    # --- who may do what, and why not -----------------------------------------------------------------

    def seat_obstacle(self, user: User, desk: str) -> str | None:
        """None when the user sits at that desk for this paper; else which post is missing, where."""
        seat = SEATS.get(desk)
        if seat is None:
            return f"单据{self.status}，流程已结束。"
        if user.posts.holds(seat.post, getattr(self, f"{seat.place}_id")):
            return None
        return f"需要{seat.sentence(self)}，您没有这个岗位。"

    def four_eyes(self, user: User) -> str | None:
        """Nobody reviews what he submitted, nor decides at two desks of one paper (§2.2)."""
        elsewhere = {person for desk, people in self.hands.items() if desk != self.state for person in people}
        if user.pk not in elsewhere or (self.state == Desk.UNIT and self.unit.self_review_allowed):
            return None
        return "同一人不能既提交又审核，也不能在两个岗位审核同一份单据，请由其他人员办理。"

    def untouched(self, user: User) -> str | None:
        """A clerk takes a paper back only while nobody has acted on it."""
        return None if self.last_verb == "submit" else "审核已经开始，不能撤回；如需修改请联系审核人退回。"

    def voidable(self, user: User) -> str | None:
        if self.state == Desk.CLERK:
            return None if self.submitted_at else "从未提交的草稿请直接删除。"
        return self.void_obstacle()

    def obstacle(self, verb: str, user: User) -> tuple[type[Exception], str] | None:
        """Why this user cannot do this now: (Refused or Conflict, a sentence); None when he can."""
        step = getattr(type(self), verb)._django_fsm.get_transition(self.state)
        if step is None:
            return Conflict, f"单据现在是“{self.status}”，不能{self.verb_label(verb)}。"
        if missing := self.seat_obstacle(user, step.custom["seat"] or self.state):
            return Refused, missing
        for rule in step.custom["rules"]:
            if why := getattr(self, rule)(user):
                return Refused, why
        return None

    @classmethod
    def verb_names(cls) -> list[str]:
        """Every verb a person may perform, in the order of declaration."""
        steps = cls._meta.get_field("state").get_all_transitions(cls)
        return list(dict.fromkeys(step.name for step in steps if not step.custom["caused"]))

    def open_verbs(self, user: User) -> list[str]:
        """The verbs this user can do now: exactly the buttons he sees."""
        return [verb for verb in self.verb_names() if self.obstacle(verb, user) is None]

    # --- the moves, written once ----------------------------------------------------------------------

    @move("提交", source=Desk.CLERK, target=GET_STATE(lambda paper: paper.next_desk()), tone="primary")
    def submit(self):
        if late := years.obstacle(self):
            raise ValidationError(late)
        self.check_complete()
        self.route = [str(desk) for desk in self.required_desks()]

    @move("通过", source=REVIEWING, target=GET_STATE(lambda paper: paper.next_desk()), rules=["four_eyes"])
    def approve(self):
        """The decision binds to the hash of what was submitted."""

    @move(
        "退回", source=REVIEWING, target=GET_STATE(lambda paper, to: to), rules=["four_eyes"], tone="danger"
    )
    def send_back(self, to: str):
        if to not in self.return_desks():
            raise ValidationError({"to": "请选择要退回到哪一岗。"})

    @move("撤回", source=REVIEWING, target=Desk.CLERK, seat=Desk.CLERK, rules=["untouched"])
    def withdraw(self):
        """Nobody has acted yet: it is the clerk's again."""

    @move("备案", source=Desk.FILING, target=Desk.DONE, tone="primary")
    def file(self):
        """The unit's own act after the last approval (发布 for an intent)."""

    @move(
        "作废",
        source=[Desk.CLERK, Desk.FILING, Desk.DONE],
        target=Desk.VOID,
        seat=Desk.CLERK,
        rules=["voidable"],
        tone="danger",
    )
    def void(self):
        """It keeps its row for ever (政府采购法 art. 42)."""

    @move("跨年作废", source=Desk.CLERK, target=Desk.VOID, seat=Desk.OFFICE, caused=True, unsigned=True)
    def lapse(self):
        """Its year was closed while it was a draft; even one never submitted keeps its row then."""

    # --- the one door ---------------------------------------------------------------------------------

    def perform(
        self,
        verb: str,
        by: User,
        opinion: str = "",
        *,
        version: int | None = None,
        reason: str = "",
        key: str = "",
        sign: "signing.Sign | None" = None,
        **details,
    ) -> "Document":
        """Lock, check, move, save, log, and finish if this was the last step. Returns the fresh row.

        `version` is the one the user saw; `key` the fingerprint of the certificate of his session; `sign`
        gives his signature. Pages take both from `signing.hand`, consequences from `signing.following`.
        Raises Refused (not his to do), Conflict (a lost race), ValidationError (not complete), and
        SignatureNeeded when all is in order but the signature.
        """
        said = {"opinion": opinion, "reason": reason, "key": key}
        return travel.perform(self, verb, by, version=version, details=details, sign=sign, **said)
