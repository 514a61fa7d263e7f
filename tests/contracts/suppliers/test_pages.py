"""The pages of 供应商登记: who may, what wrong input says, what they cost."""

import pytest
from pytest_django.asserts import assertContains

from contracts.suppliers.models import Supplier
from tests.browser import fits
from tests.look.conftest import DESK, PHONE
from tests.world import credit_code

from .test_register import CODE, DATA, one

pytestmark = pytest.mark.django_db


def test_a_clerk_registers_and_only_the_office_corrects(as_user, clerk, officer, auditor):
    page = as_user(clerk).post("/contracts/suppliers/new/", DATA | {"account": "1302 0101 0400 12345"})
    row = Supplier.objects.get()
    assert page.url == f"/contracts/suppliers/{row.pk}/"
    assert (row.created_by, row.account, row.uscc) == (clerk, "13020101040012345", CODE)
    path = f"/contracts/suppliers/{row.pk}/edit/"
    assertContains(as_user(clerk).get(path), "由采购处岗办理", status_code=403)
    as_user(officer).post(path, DATA | {"name": "安徽改名有限公司", "uscc": credit_code(1), "size": "4"})
    row.refresh_from_db()
    assert (row.name, row.size, row.uscc) == ("安徽改名有限公司", "4", CODE)
    assertContains(as_user(auditor).get(f"/contracts/suppliers/{row.pk}/"), DATA["name"])
    assert as_user(auditor).get("/contracts/suppliers/new/").status_code == 403
    assert as_user(clerk).get("/contracts/suppliers/99999/").status_code == 404


WRONG = [
    ("uscc", "", "请填写统一社会信用代码。"),
    ("uscc", "91340100", "18 位"),
    ("uscc", "🙂" * 18, "18 位"),
    ("uscc", CODE[:17] + "%", "校验位不对"),
    ("name", "　", "请填写供应商名称。"),
    ("name", "长" * 201, "最多 200 个字"),
    ("size", "huge", "请从列表中选择企业规模。"),
    ("phone", "12", "请填写手机号"),
    ("account", "6222x", "6 至 32 位数字"),
    ("bank_no", "1", "12 位数字"),
    ("investment", "0", "请选择外资国别"),
    ("country", "2", "内资企业不填外资国别"),
]


def test_wrong_input_is_a_sentence_beside_the_field_and_stays(as_user, clerk):
    client = as_user(clerk)
    for name, value, sentence in WRONG:
        page = client.post("/contracts/suppliers/new/", DATA | {name: value})
        assertContains(page, sentence, msg_prefix=f"{name}={value}")
        assertContains(page, DATA["uscc"] if name != "uscc" else DATA["name"])
    one(clerk)
    assertContains(client.post("/contracts/suppliers/new/", DATA), "已经登记，请直接选用")
    assert Supplier.objects.count() == 1


def test_the_search_gives_what_a_contract_copies(as_user, clerk, officer, reviewer):
    row = one(clerk, bank="示例银行", account="123456789")
    row.rename("安徽改名有限公司", officer)
    client = as_user(clerk)
    found = client.get("/contracts/suppliers/search/", {"q": "示例科技"}).json()["rows"]
    assert (
        found[0] | {"id": row.pk, "uscc": CODE, "former": [DATA["name"]], "account": "123456789"} == found[0]
    )
    for words in ("", " ", "\x00", "%", "_", "'" * 300, "没有"):
        assert client.get("/contracts/suppliers/search/", {"q": words}).json()["rows"] == [], words
    assert as_user(reviewer).get("/contracts/suppliers/search/").status_code == 403


def test_the_list_costs_the_same_for_many_rows(as_user, clerk, django_assert_max_num_queries):
    client = as_user(clerk)
    for number in range(30):
        one(clerk, uscc=credit_code(5000 + number), name=f"示例公司{number:02}")
    client.get("/contracts/suppliers/")
    with django_assert_max_num_queries(6):
        page = client.get("/contracts/suppliers/?size=9&before=x&q=示例")
    assertContains(page, "示例公司29")
    assertContains(
        client.get(f"/contracts/suppliers/?before={Supplier.objects.get(name='示例公司10').pk}"), "示例公司09"
    )


@pytest.mark.django_db(transaction=True)
def test_the_pages_read_well_on_a_desk_and_a_phone(browse, axe, clerk, officer):
    row = one(clerk, special="2", size="4", region="合肥市包河区")
    row.rename("安徽改名福利（集团）有限公司", officer)
    page = browse(officer, "/contracts/suppliers/", DESK)
    for size in (DESK, PHONE):
        for path in ("", f"{row.pk}/", f"{row.pk}/edit/"):
            page.set_viewport_size(size | {"height": 1800})  # nothing under the bar at the foot
            page.goto(page.url.split("/contracts/")[0] + f"/contracts/suppliers/{path}")
            axe(page)
            assert fits(page), (path, size)
