"""供应商登记: one row per credit code, its names kept, its data copied and never shared."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from contracts.suppliers import entering
from contracts.suppliers.models import COPIED, FormerName, Supplier, tidy_code, tidy_name
from tests.contracts import makers as papers
from tests.world import credit_code

pytestmark = pytest.mark.django_db
CODE = credit_code(4711)
DATA = {
    "name": "安徽示例科技有限公司",
    "uscc": CODE,
    "size": "3",
    "special": "9",
    "investment": "2",
}


def one(by, **fields) -> Supplier:
    return Supplier.objects.remember(fields.pop("uscc", CODE), fields.pop("name", DATA["name"]), by, **fields)


def test_codes_and_names_are_tidied():
    assert tidy_code(" ９１34-0100ma2abc12x3 ") == "91340100MA2ABC12X3"
    assert tidy_name(" 合肥 示例(集团)有限公司\x00 ") == "合肥示例（集团）有限公司"
    assert tidy_name(" Example  Works (Anhui) Ltd ") == "Example Works (Anhui) Ltd"


def test_what_is_registered_stays_when_a_contract_brings_other_words(clerk):
    first = one(clerk, size="3", bank="示例银行")
    again = one(clerk, uscc=CODE.lower(), name="另一个名字", size="1")
    assert (again.pk, again.name, again.size) == (first.pk, DATA["name"], "3")
    assert set(first.card) == set(COPIED)


@pytest.mark.parametrize(
    "code", ["", "1" * 18, CODE[:-1], CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), "🙂" * 18]
)
def test_a_wrong_code_is_refused_in_chinese(clerk, code):
    with pytest.raises(ValidationError) as refused:
        one(clerk, uscc=code)
    assert "uscc" in refused.value.message_dict


def test_a_rename_keeps_the_old_name_and_both_are_found(clerk, officer):
    row = one(clerk)
    row.rename("安徽新名（集团）有限公司", officer)
    row.rename("安徽新名(集团)有限公司", officer)  # the same: no second entry
    assert list(FormerName.objects.values_list("name", flat=True)) == [DATA["name"]]
    for words in ("示例科技", "新名(集团)", CODE[:8].lower(), f" {CODE} "):
        assert list(Supplier.objects.matching(words)) == [row], words
    assert not Supplier.objects.matching("不存在")


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_row(clerk):
    made, gate = [], threading.Barrier(8)

    def register():
        gate.wait()
        made.append(one(clerk).pk)
        connection.close()

    threads = [threading.Thread(target=register) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_a_filed_contract_enters_its_suppliers_once(book, clerk, reviewer):
    paper = papers.filed(book, clerk, reviewer)
    row, typed = Supplier.objects.get(), paper.suppliers.get()
    assert {name: getattr(typed, name) for name in COPIED} == row.card
    row.rename("安徽改名有限公司", clerk)
    entering.enter(paper.suppliers.all(), clerk)
    assert Supplier.objects.get().name == "安徽改名有限公司"
    typed.refresh_from_db()
    assert typed.name == "安徽示例科技有限公司"  # what was signed stays
