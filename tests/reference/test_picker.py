"""The category picker: levels, search, what may be chosen; whatever is asked is answered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.reference.models import Category
from procurement.reference.pickers import Picker
from tests.intents.test_form import NASTY, is_harmless
from tests.remembered import load_reference

pytestmark = pytest.mark.django_db
ADDRESS = "/catalogue/categories/"


@pytest.fixture
def catalogue():
    load_reference()


def asked(client, **query) -> str:
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200
    return answer.text


def test_the_tree_opens_level_by_level(as_user, clerk, catalogue):
    client = as_user(clerk)
    top = asked(client)
    assert 'data-code="A"' in top
    assert 'data-code="A02000000"' not in top
    assert 'data-code="A02000000"' in asked(client, parent="A")
    leaves = asked(client, parent="A02010100")
    assert 'data-value="A02010105 台式计算机"' in leaves
    assert 'data-path="货物 / 设备 / 信息化设备 / 计算机 / 台式计算机"' in leaves


def test_a_branch_opens_and_cannot_be_chosen_a_named_branch_can(as_user, clerk, catalogue):
    rows = {row.category.code: row for row in Picker().level("A02010000")}
    assert rows["A02010100"].opens
    assert not rows["A02010100"].selectable
    assert rows["A02010200"].selectable  # 网络设备 is in the central catalogue as a whole


@pytest.mark.parametrize("words", ["A02010105", "a02010105", "台式", "tsjsj", "TSJ"])
def test_a_category_is_found_by_code_name_and_initials(as_user, clerk, catalogue, words):
    text = asked(as_user(clerk), q=words)
    assert 'data-value="A02010105 台式计算机"' in text
    assert "货物 / 设备 / 信息化设备 / 计算机 / 台式计算机" in text


def test_what_the_picker_offers_is_what_a_form_takes(catalogue):
    found = {row.category.pk for code in Category.objects.values_list("code", flat=True)
             for row in Picker().level(code) if row.selectable}  # fmt: skip
    assert found == set(Picker().offered.values_list("pk", flat=True))


def test_the_mall_sees_only_what_it_sells(as_user, clerk, catalogue):
    client = as_user(clerk)
    assert "A02010104" not in asked(client, parent="A02010100", mall="1")
    assert 'data-value="A02010105 台式计算机"' in asked(client, parent="A02010100", mall="1")
    assert 'data-code="B"' not in asked(client, mall="1")
    assert "没有编码、名称或首字母" in asked(client, q="服务器", mall="1")


def test_nothing_found_is_said(as_user, clerk, catalogue):
    assert "没有编码、名称或首字母为“飞碟”的品目" in asked(as_user(clerk), q="飞碟")


@pytest.mark.parametrize("query", [{"parent": "A"}, {"parent": "A", "mall": "1"}, {"q": "计算机"}])
def test_a_level_costs_the_same_whatever_its_size(as_user, clerk, catalogue, query):
    client = as_user(clerk)
    asked(client, **query)

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            asked(client, **query)
        return len(seen)

    before = count()
    edition = Category.objects.get(code="A").edition
    Category.objects.bulk_create(
        Category(
            edition=edition, code=f"A{n:02}990000", name=f"计算机{n}", parent_code="A", level=2,
            mall_allowed=True,
        )
        for n in range(20, 80)
    )  # fmt: skip
    assert count() == before


@pytest.mark.parametrize("name", ["q", "parent", "mall"])
def test_whatever_is_asked_is_answered(as_user, clerk, catalogue, name):
    client = as_user(clerk)
    for value in NASTY:
        assert is_harmless(asked(client, **{name: value[:5000]}))


def test_it_is_for_people_who_are_logged_in(client, catalogue):
    assert client.get(ADDRESS).status_code == 302


def test_it_can_only_be_read(as_user, clerk, catalogue):
    assert as_user(clerk).post(ADDRESS).status_code == 405
