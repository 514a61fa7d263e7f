"""The log: snapshots, hashes, differences."""

import pytest

from procurement.flow.detail import changes
from procurement.flow.log import Move, first_break
from procurement.flow.models import Document
from tests.papers import entry
from tests.world import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def travelled(unit, clerk, reviewer, divisional):
    paper = entry(unit, clerk)
    paper = paper.perform("submit", clerk)
    paper = paper.perform("approve", reviewer, "同意")
    return paper.perform("send_back", divisional, "金额请核实", to="clerk", reason="amount")


def test_every_move_holds_the_hash_of_the_one_before(travelled):
    moves = list(travelled.moves.all())
    assert [m.previous for m in moves] == ["", moves[0].sha256, moves[1].sha256]
    assert travelled.head == moves[-1].sha256
    assert first_break(travelled) is None


def test_approval_binds_to_the_content_submitted(travelled):
    submit, approve, _ = travelled.moves.all()
    assert submit.content_sha256 == approve.content_sha256 != ""
    assert submit.snapshot["fields"]["amount"] == 480_000_000  # fen
    assert submit.snapshot["lines"]["lines"][0]["content"] == "教学用台式计算机"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("opinion", "不同意"),
        ("verb", "approve"),
        ("target", "done"),
        ("source", "office"),
        ("reason", "other"),
        ("post", "clerk"),
        ("content_sha256", "0" * 64),
        ("previous", "f" * 64),
        ("sha256", "e" * 64),
        ("key", "d" * 64),
        ("at", "2026-01-01T00:00:00+00:00"),
    ],
)
def test_every_changed_cell_of_the_log_is_found(travelled, field, value):
    last = travelled.moves.last()
    Move.objects.filter(pk=last.pk).update(**{field: value})
    assert first_break(travelled) == last


def test_a_changed_snapshot_is_found(travelled):
    first = travelled.moves.first()
    first.snapshot["fields"]["amount"] += 1
    Move.objects.filter(pk=first.pk).update(snapshot=first.snapshot)
    assert first_break(travelled) == first


def test_a_reviewer_sees_only_what_changed_since_the_version_he_saw(travelled, clerk, reviewer):
    travelled.lines.update(content="教学用便携式计算机", total_price="4500000.00")
    travelled.beneficiaries.update(amount="4500000.00")
    paper = type(travelled).objects.get(pk=travelled.pk)
    paper.amount = "4500000.00"
    paper.save(update_fields=["amount"])
    paper = type(travelled).objects.get(pk=travelled.pk).perform("submit", fresh(clerk))
    found = changes(paper, list(paper.moves.all()), fresh(reviewer))
    shown = {change.label: (change.old, change.new) for change in found}
    assert shown["金额（元）"] == ("4,800,000.00", "4,500,000.00")
    assert shown["采购内容 1 · 采购内容"] == ("教学用台式计算机", "教学用便携式计算机")
    assert "名称" not in shown


def test_the_first_submission_has_nothing_to_compare(unit, clerk, reviewer):
    paper = entry(unit, clerk).perform("submit", clerk)
    assert changes(paper, list(paper.moves.all()), reviewer) is None


def test_visible_and_waiting_follow_the_posts(travelled, people, unit, clerk):
    def sees(user):
        return Document.objects.visible_to(fresh(user)).filter(pk=travelled.pk).exists()

    draft = entry(unit, clerk, title="草稿")
    assert [name for name in vars(people) if sees(getattr(people, name))] == [
        "clerk",
        "second_clerk",
        "reviewer",
        "divisional",
        "officer",
        "viewer",
        "auditor",
    ]
    above = [people.divisional, people.officer, people.viewer, people.auditor, people.stranger]
    assert not any(Document.objects.visible_to(fresh(user)).filter(pk=draft.pk).exists() for user in above)
