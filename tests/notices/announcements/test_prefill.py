"""From the page of a task book: tender, award, termination and acceptance begin with what the book knows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from notices.announcements.models import Announcement
from tasks.models import BookKind, TaskBook
from tests.plans import makers as plans
from tests.tasks import makers as books
from tests.tasks.test_book_detail import result

from . import makers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]
NEW = "/notices/announcements/new/"


@pytest.fixture
def book(unit, clerk, reviewer):
    plans.catalogue()
    confirmed = plans.confirmation(unit, clerk)
    return books.filed(unit, clerk, reviewer, confirmed, BookKind.RESEARCH)


def values(page) -> str:
    return page.content.decode()


def test_a_tender_begins_with_the_books_figures(as_user, clerk, unit, book):
    client = as_user(clerk)
    page = values(client.get(f"/tasks/books/{book.pk}/"))
    address = f"{NEW}?kind=3&amp;book={book.number}".replace("号", "%E5%8F%B7")
    assert address in page
    form = values(client.get(NEW, {"kind": 3, "book": book.number}))
    for words in (book.number, "1000.00", unit.name, "教学用台式计算机 1批", "李经办"):
        assert words in form, words
    data = makers.posted(3, given=makers.content(3, project_no=book.number))
    saved = client.post(f"{NEW}?kind=3&book={book.number}", data)
    assert saved.status_code == 302
    paper = Announcement.objects.get()
    assert (paper.book_number, paper.case, paper.fiscal_year) == (book.number, book.case, book.fiscal_year)
    assert "采购任务书" in values(client.get(f"/notices/announcements/{paper.pk}/"))


def test_an_award_carries_what_the_law_wants_of_the_winner(as_user, clerk, book):
    made = result(book)
    made.suppliers.update(address="合肥市示例路 1 号")
    client = as_user(clerk)
    page = values(client.get(f"/tasks/books/{book.pk}/"))
    assert f"kind=5&amp;book={book.number}&amp;result={made.pk}".replace("号", "%E5%8F%B7") in page
    form = values(client.get(NEW, {"kind": 5, "book": book.number, "result": made.pk}))
    for words in ("示例科技有限公司", "合肥市示例路 1 号", "900.00", "台式计算机", f"{made.result_date}"):
        assert words in form, words
    assert "专家" in form  # named by the clerk: nobody reports them


def test_a_failed_purchase_ends_with_its_reason(as_user, clerk, book):
    made = result(book)
    made.failed, made.amount, made.failure_reason = True, Decimal(0), "合格供应商不足三家"
    made.save()
    client = as_user(clerk)
    assert "合格供应商不足三家" in values(client.get(NEW, {"kind": 7, "book": book.number}))
    assert "kind=5" not in values(client.get(f"/tasks/books/{book.pk}/"))


def test_an_acceptance_names_the_supplier(as_user, clerk, book):
    result(book)
    form = values(as_user(clerk).get(NEW, {"kind": 9, "book": book.number}))
    assert "示例科技有限公司" in form
    assert 'value="900.00"' in form


@pytest.mark.parametrize("number", ["", "FSKY000", "'; --", "\x00", "号" * 500])
def test_an_unknown_book_is_404_and_an_empty_one_is_none(as_user, clerk, book, number):
    status = as_user(clerk).get(NEW, {"kind": 3, "book": number}).status_code
    assert status == (404 if number else 200)


@pytest.mark.parametrize("key", ["0", "x", "９", "9" * 30])
def test_a_result_that_is_not_the_books_gives_nothing(as_user, clerk, book, key):
    result(book)
    form = as_user(clerk).get(NEW, {"kind": 5, "book": book.number, "result": key})
    assert form.status_code == 200
    assert "示例科技有限公司" not in values(form)


def test_another_units_book_is_404_and_its_page_offers_nothing(as_user, stranger, officer, viewer, book):
    assert as_user(stranger).get(NEW, {"kind": 3, "book": book.number}).status_code == 404
    assert "发布公告" not in values(as_user(officer).get(f"/tasks/books/{book.pk}/"))


def test_a_revoked_or_secret_book_is_announced_by_nobody(as_user, clerk, book):
    client = as_user(clerk)
    TaskBook.objects.filter(pk=book.pk).update(is_secret=True)
    assert client.get(NEW, {"kind": 3, "book": book.number}).status_code == 403
    assert "发布公告" not in values(client.get(f"/tasks/books/{book.pk}/"))
    TaskBook.objects.filter(pk=book.pk).update(is_secret=False, revoked_at=timezone.now() - timedelta(1))
    assert client.get(NEW, {"kind": 3, "book": book.number}).status_code == 404
