"""Pages of 采购合同管理: who gets them, what they show, what they cost."""

import pytest

from . import makers

pytestmark = pytest.mark.django_db
LISTS = {"clerk": "/contracts/", "reviewer": "/contracts/review/"}


@pytest.fixture
def filed(book, clerk, reviewer):
    return makers.filed(book, clerk, reviewer)


def test_the_way_from_a_result_to_a_filed_contract(as_user, book, clerk, reviewer):
    result = makers.result(book, clerk)
    client = as_user(clerk)
    assert f"result={result.pk}" in client.get("/contracts/new/?kind=entry").text
    page = client.get(f"/contracts/new/?kind=entry&result={result.pk}").text
    assert "安徽示例科技有限公司" in page
    assert "900.00" in page


def test_pages_open(as_user, filed, clerk, reviewer, officer):
    client = as_user(clerk)
    for address in (
        "",
        "?tab=done",
        "filing/",
        "filing/?tab=filed",
        f"{filed.pk}/",
        "new/?kind=history",
        "new/?kind=supplement",
        "new/?kind=change",
        f"new/?kind=change&base={filed.pk}",
        f"new/?kind=supplement&base={filed.pk}",
    ):
        answer = client.get(f"/contracts/{address}")
        assert answer.status_code == 200, address
    assert as_user(officer).get(f"/contracts/{filed.pk}/").status_code == 200


def test_the_popup_shows_the_form(as_user, book, clerk, reviewer):
    paper = makers.approved(book, clerk, reviewer)
    client = as_user(clerk)
    page = client.get(f"/contracts/{paper.pk}/moves/?verb=file").text
    assert "政府采购合同备案表" in page
    answer = client.post(f"/contracts/{paper.pk}/moves/", {"verb": "file", "version": paper.version})
    assert answer.status_code == 302
