"""指标导入 over HTTP: the office brings a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from budgets.models import QuotaImport

from . import makers
from .test_imports import GOOD, workbook
from .test_pages import page

pytestmark = pytest.mark.django_db


def upload(client, content: bytes, name: str = "指标.xlsx"):
    return client.post(reverse("quota-import"), {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_the_office_imports_a_file(as_user, officer, unit):
    makers.nature()
    client = as_user(officer)
    assert "下载模板" in page(client.get(reverse("quota-import")))
    assert client.get(reverse("quota-template")).status_code == 200
    row = GOOD | {"资金性质": "1"}
    assert "导入 1 条指标：新增 1，变动 0。" in page(upload(client, workbook(row)))
    assert QuotaImport.objects.get().by == officer
    text = page(upload(client, workbook(row | {"年度": "二〇"})))
    assert '<td class="mono">G2</td><td>年度的格式不对，请检查。</td>' in text
    assert "发现 1 处错误，未导入任何指标" in text
    assert "不是有效的 xlsx" in page(upload(client, b"x"))
    assert "文件是空的" in page(upload(client, b""))
    assert "请填写指标文件" in page(client.post(reverse("quota-import")))


def test_only_the_office_imports(as_user, clerk):
    client = as_user(clerk)
    assert client.get(reverse("quota-import")).status_code == 403
    assert client.post(reverse("quota-import")).status_code == 403
