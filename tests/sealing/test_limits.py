"""A paper may use so much memory and time and no more; whatever it does, the others are made."""

import os
import signal

import pytest

from procurement.flow.printing import Unprintable
from procurement.sealing import drawing, jobs
from procurement.sealing.checking import Answer, by_code
from tests.tasks import paper_samples as samples

from .conftest import order

SMALL = "<p>采购任务书</p>"


@pytest.fixture
def tight(monkeypatch):
    """Two seconds a paper, for new easels; the usual ones come back afterwards."""
    drawing.close()
    monkeypatch.setattr(drawing, "CPU", 2)
    yield
    drawing.close()


def test_a_paper_that_wants_too_much_memory_is_refused_in_words_and_the_next_is_drawn(monkeypatch):
    drawing.close()
    monkeypatch.setattr(drawing, "MEMORY", 2**29)
    with pytest.raises(drawing.TooHeavy, match="超过 512 MB"):
        drawing.paint("<p>" + "采购任务书，" * 4_000_000)
    assert drawing.paint(SMALL).startswith(b"%PDF")
    drawing.close()


def test_a_book_of_very_many_rows_fails_with_a_sentence_and_holds_up_nobody(sealing, document, tight):
    many = samples.snapshot("central", items=[samples.item(number) for number in range(1000)])
    heavy, small = order(document, "taskbook", snapshot=many), order(document)
    assert jobs.render() == 1
    for paper in (heavy, small):
        paper.refresh_from_db()
    assert (heavy.state, small.state) == ("failed", "rendered")
    assert heavy.error == "文件过大，排版超过 2 秒，请减少清单行数或内容后重试。"
    assert by_code(heavy.number, heavy.verify_code).answer == Answer.UNDER_WAY


def test_a_busy_machine_is_no_fault_of_the_paper(sealing, document, monkeypatch):
    drawing.close()
    monkeypatch.setattr(drawing, "WALL", 1)
    many = samples.snapshot("central", items=[samples.item(number) for number in range(500)])
    paper = order(document, "taskbook", snapshot=many)
    assert jobs.render() == 0
    drawing.close()
    paper.refresh_from_db()
    assert (paper.state, paper.error) == ("ordered", "服务器繁忙，1 秒内没有完成排版")


def test_what_reaches_out_is_refused_as_before():
    with pytest.raises(Unprintable, match="file:///etc/passwd"):
        drawing.paint("<img src='file:///etc/passwd'>")


def test_an_easel_that_was_killed_is_replaced():
    drawing.paint(SMALL)
    os.kill(drawing.IDLE[-1].process.pid, signal.SIGKILL)
    assert drawing.paint(SMALL).startswith(b"%PDF")


def test_an_easel_ends_with_its_worker():
    drawing.paint(SMALL)
    one = drawing.IDLE.pop()
    one.process.stdin.close()  # as it is when the worker is killed
    assert one.process.wait(60) == 0
    one.close()
