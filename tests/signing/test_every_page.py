"""No page moves a paper without asking for the signature: the kernel refuses, every caller is looked at."""

import ast
import html
import re

import pytest

from accounts.models import DecisionSignature
from procurement.flow.kinds import kinds
from procurement.flow.models import Document, Move, Refused
from procurement.flow.moves import details_of
from procurement.flow.proofs import faults
from tasks.models import BookKind
from tests.contracts import makers as contracts
from tests.intents import makers as intents
from tests.papers import entry
from tests.plans import makers as plans
from tests.tasks import change_makers as changes
from tests.tasks import makers as tasks
from tests.test_architecture import ROOT, sources

from .conftest import address

pytestmark = pytest.mark.django_db


def every_verb() -> list[tuple[str, str]]:
    return [
        (kind, step.name)
        for kind, model in sorted(kinds().items())
        for step in {
            one.name: one for one in model._meta.get_field("state").get_all_transitions(model)
        }.values()
    ]


@pytest.mark.parametrize(("kind", "verb"), every_verb())
def test_the_one_door_is_closed_to_every_verb_of_every_kind(signing, clerk, kind, verb):
    """Whatever page calls it, whatever it forgets: without a hand nothing is even looked at."""
    paper = kinds()[kind]()
    if details_of(getattr(type(paper), verb))["unsigned"]:
        with pytest.raises(type(paper).DoesNotExist):  # it goes on to look for the row
            paper.perform(verb, clerk)
    else:
        with pytest.raises(Refused, match="由本人用 CA-KEY 签名"):
            paper.perform(verb, clerk)


def test_only_the_close_of_a_year_is_the_systems_own_act():
    assert {verb for kind, verb in every_verb() if details_of(getattr(kinds()[kind], verb))["unsigned"]} == {
        "lapse"
    }


def test_a_move_that_needs_no_signature_of_its_own_is_the_drawing_up_of_a_book():
    """`decided` says None once only; the proof then wants the next move of the same hand signed."""
    own = [model for model in kinds().values() if "decided" in vars(model)]
    assert [model.__name__ for model in own] == ["TaskBook"]


PAGES = {  # who calls `perform`, and which hand he gives
    ("procurement/flow/forms.py", "hand"), ("procurement/flow/form_pages.py", "hand(request)"),
    ("procurement/flow/batch_pages.py", "mine"), ("contracts/performance.py", "hand"),
    ("tasks/filing.py", "hand"), ("tasks/models/change.py", "following(log)"),
    ("budgets/carryover/closing.py", ""),  # lapse
}  # fmt: skip


def callers() -> set[tuple[str, str]]:
    found = set()
    for path, text in sources():
        for node in ast.walk(ast.parse(text)):
            name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
            if name == "perform" and "travel" not in ast.unparse(node.func):
                hands = [ast.unparse(one.value) for one in node.keywords if one.arg in (None, "sign")]
                hands = [one for one in hands if one != "details"]
                found.add((str(path.relative_to(ROOT)), "".join(hands)))
    return found


def test_every_caller_of_the_one_door_gives_a_hand():
    assert callers() == PAGES


def test_every_hand_comes_from_the_request():
    """Functions that take `**hand` get it from a page: `hand(request)`, nothing made up."""
    made = re.compile(r"\b(Hand|Following)\(")
    found = [str(path.relative_to(ROOT)) for path, text in sources() if made.search(text)]
    assert found == ["procurement/flow/signing.py"]


# --- every page that moves something, over HTTP -------------------------------------------------------------


@pytest.fixture
def confirmed(unit, clerk):
    plans.catalogue()
    return plans.confirmation(unit, clerk)


class Ground:
    """The people, and the papers made as they want them."""

    def __init__(self, unit, clerk, reviewer, officer, confirmed):
        self.unit, self.clerk, self.reviewer, self.officer, self.confirmed = (
            unit, clerk, reviewer, officer, confirmed,
        )  # fmt: skip

    def plan(self, **fields):
        return tasks.approved(self.unit, self.clerk, self.reviewer, self.confirmed, **fields)

    def book(self, **fields):
        return tasks.filed(self.unit, self.clerk, self.reviewer, self.confirmed, **fields)

    def contract(self, make):
        return make(self.book(), self.clerk, self.reviewer)


@pytest.fixture
def ground(unit, clerk, reviewer, officer, confirmed):
    return Ground(unit, clerk, reviewer, officer, confirmed)


def submit_entry(g):
    return "clerk", (paper := entry(g.unit, g.clerk)), address(paper, "moves/"), {"verb": "submit"}


def publish_intent(g):
    paper = intents.approved(g.unit, g.clerk, g.reviewer, intents.item(intents.confirmation(g.unit, g.clerk)))
    return "clerk", paper, address(paper, "moves/"), {"verb": "file"}


def file_plan(g):
    plan = g.plan()
    return "clerk", plan, f"/tasks/plans/{plan.pk}/file/", {}


def revoke_book(g):
    book = g.book()
    return "clerk", book, address(book, "moves/"), {"verb": "void", "opinion": "计划有误，撤销重办。"}


def file_contract(g):
    paper = g.contract(contracts.approved)
    return "clerk", paper, address(paper, "moves/"), {"verb": "file"}


def cancel_contract(g):
    paper = g.contract(contracts.filed)
    return "officer", paper, address(paper, "moves/"), {"verb": "cancel", "opinion": "备案内容有误，撤销。"}


def end_contract(g):
    paper = g.contract(contracts.filed)
    data = {"action": "end", "end-verb": "terminate", "end-reason": "双方协商一致，终止合同。"}
    return "clerk", paper, address(paper, "performance/"), data


def approve_change(g):
    """Book, plan and a new plan move with it: consequences, under the officer's one signature."""
    plan = g.book(book=BookKind.DECENTRALIZED, amount="600000.00").approved_plan
    paper = changes.change(plan, g.clerk).perform("submit", g.clerk).perform("approve", g.reviewer)
    return "officer", paper, address(paper, "moves/"), {"verb": "approve", "opinion": "同意变更"}


WAYS = [
    submit_entry,
    publish_intent,
    file_plan,
    revoke_book,
    file_contract,
    cancel_contract,
    end_contract,
    approve_change,
]


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
def test_each_page_asks_then_signs_and_what_it_moved_is_proved(at_desk, ground, settings, way):
    who, paper, page, data = way(ground)
    data = {"version": paper.version, **data}
    settings.DECISION_SIGNATURES = True
    desk, before = at_desk(who), set(Move.objects.values_list("pk", flat=True))
    papers = Document.objects.count()
    answer = desk.client.post(page, data)
    assert "签名确认" in answer.content.decode(), html.unescape(
        re.sub("<[^>]+>", "", answer.content.decode())
    )
    assert set(Move.objects.values_list("pk", flat=True)) == before
    assert (Document.objects.count(), DecisionSignature.objects.count()) == (papers, 0)
    assert desk.sign(answer).status_code == 302
    made = Move.objects.exclude(pk__in=before).order_by("pk")
    assert made.exists()
    since = made.exclude(signature=None).first().pk
    for document in {move.document_id: move.document.kind for move in made}.items():
        fresh = kinds()[document[1]].objects.get(pk=document[0])
        assert list(faults(fresh, since)) == []
    assert {move.verb for move in made.filter(signature=None)} <= {"submit"}
