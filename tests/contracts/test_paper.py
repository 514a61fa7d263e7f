"""备案表, read back from the PDF."""

import subprocess

import pytest

from procurement.sealing import rendering
from procurement.sealing.models import SealedPaper

from . import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(book, clerk, reviewer) -> SealedPaper:
    makers.result(book, clerk)
    return makers.filed(book, clerk, reviewer, has_bond=True, bond="90.00", bond_form="bank").sealed.get()


def test_the_form_says_what_was_filed(sealed, tmp_path):
    pdf = tmp_path / "form.pdf"
    pdf.write_bytes(rendering.render(sealed))

    words = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    text = "".join(words.split())
    for wanted in (
        "政府采购合同备案表", sealed.number, "安徽示例大学", "105001001", "FSKY340001", "公开招标",
        "买卖合同", "安徽示例科技有限公司", makers.USCC, "大型企业",
        "900.00元大写：人民币玖佰元整", "100.00元/10.00%",
        "一般公共预算", "90.00元，银行保函", "验收合格后一次性支付900.00元", "李经办", "王审核",
        "备案时自动公告",
    ):  # fmt: skip
        assert wanted in text, wanted
