"""The picker of suppliers on the form of a contract, in a real browser."""

import pytest
from playwright.sync_api import expect

from contracts.models import ContractSupplier
from contracts.suppliers.models import Supplier
from tests.contracts import makers
from tests.look.conftest import PHONE, browse, site  # noqa: F401
from tests.plans import makers as plans
from tests.world import credit_code

pytestmark = pytest.mark.django_db(transaction=True)
KNOWN = {
    "name": "安徽登记在册科技有限公司", "representative": "王在册", "phone": "0551-65551234", "size": "3",
    "special": "2", "bank": "示例银行高新支行", "account": "6222000000000009", "region": "合肥市",
}  # fmt: skip
CARD = {name: value for name, value in KNOWN.items() if name != "name"}
CODE, NEW = credit_code(41), credit_code(42)
WRONG = NEW[:17] + ("0" if NEW[17] != "0" else "1")


@pytest.fixture
def form(site, unit, clerk, reviewer) -> str:  # noqa: F811
    """A saved contract of one supplier; another one, who was renamed, is in the register."""
    plans.catalogue()
    Supplier.objects.remember(CODE, "安徽曾用名称科技有限公司", clerk, **CARD)
    Supplier.objects.get().rename(KNOWN["name"], clerk)
    book = makers.book(unit, clerk, reviewer, makers.confirmation(unit, clerk))
    return f"/contracts/{makers.draft(book, clerk).pk}/edit/"


def field(page, row: int, name: str):
    return page.locator(f"#id_suppliers-{row}-{name}")


def test_a_supplier_is_found_copied_typed_and_checked(site, browse, axe, form, clerk):  # noqa: F811
    page = browse(clerk, form, PHONE)
    page.get_by_role("button", name="新增供应商").click()
    expect(field(page, 1, "name")).to_be_visible()
    field(page, 1, "name").press_sequentially("曾用名称")  # found by the name it used to bear
    expect(page.locator("#registered-suppliers option")).to_have_attribute("value", KNOWN["name"])
    with page.expect_response("**/contracts/autosave/") as kept:
        field(page, 1, "name").fill(KNOWN["name"])  # as the list of the browser fills it in
        expect(field(page, 1, "uscc")).to_have_value(CODE)
    assert kept.value.status == 200
    expect(field(page, 1, "id")).to_have_value("")  # the key in the register is none of the row's
    for name in ("representative", "phone", "size", "special", "bank", "account", "region"):
        expect(field(page, 1, name)).to_have_value(KNOWN[name])
    page.get_by_role("button", name="新增供应商").click()
    field(page, 2, "name").fill("安徽初次合作有限公司")
    field(page, 2, "uscc").fill(WRONG)
    axe(page)
    page.get_by_role("button", name="保存", exact=True).last.click()
    group = page.locator(".fld", has=field(page, 2, "uscc"))
    expect(group).to_contain_text("校验位不对")
    expect(field(page, 2, "uscc")).to_have_value(WRONG)
    expect(field(page, 1, "uscc")).to_have_value(CODE)
    field(page, 2, "uscc").fill(NEW)
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_role("status").filter(has_text="已保存").first).to_be_visible()
    found = ContractSupplier.objects.order_by("pk").values_list("name", "uscc", "bank")
    assert list(found)[1:] == [(KNOWN["name"], CODE, KNOWN["bank"]), ("安徽初次合作有限公司", NEW, "")]
