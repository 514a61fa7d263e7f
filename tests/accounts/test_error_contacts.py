"""Every error page says whom to call: the phone as a link, the list of numbers, a reference to read out."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, override_settings
from django.urls import include, path, reverse

from procurement.flow.models import Conflict, Refused
from procurement.flow.pages import error_page
from procurement.sealing import limits

pytestmark = pytest.mark.django_db
RAISES = {400: SuspiciousOperation(), 403: PermissionDenied(), 409: Conflict(), 500: ZeroDivisionError()}


def fail(request, status: int):
    raise RAISES[status]


def refuse(request):
    raise Refused("需要经办岗。")


handler400 = "procurement.flow.pages.bad_request"
handler403 = "procurement.flow.pages.permission_denied"
handler404 = "procurement.flow.pages.not_found"
handler500 = "procurement.flow.pages.server_error"
urlpatterns = [
    path("fail/<int:status>/", fail), path("fail/refused/", refuse), path("", include("procurement.urls")),
]  # fmt: skip


@pytest.mark.parametrize("known", [True, False], ids=["logged in", "stranger"])
@pytest.mark.parametrize("status", [400, 403, 404, 409, 500])
def test_every_error_page_says_whom_to_call(as_user, clerk, rf, status, known):
    request = rf.get("/")
    if known:
        with override_settings(ROOT_URLCONF=__name__):
            client = as_user(clerk)
            client.raise_request_exception = False
            answer = client.get("/nothing/here/" if status == 404 else f"/fail/{status}/")
    else:
        answer = error_page(request, status)
    text = answer.content.decode()
    assert answer.status_code == status
    phone = settings.SUPPORT_PHONE
    assert f'href="tel:{phone.replace("-", "")}"' in text
    assert 'href="/accounts/contacts/"' in text
    assert re.search(r'编号 <b class="num">[0-9A-F]{8}</b>', text)


def test_a_refusal_of_the_kernel_says_it_too(as_user, clerk):
    with override_settings(ROOT_URLCONF=__name__):
        text = as_user(clerk).get("/fail/refused/").content.decode()
    assert "需要经办岗。" in text
    assert "各处室联系电话" in text


def calls(text: str) -> None:
    assert f'href="tel:{settings.SUPPORT_PHONE.replace("-", "")}"' in text
    assert "联系电话" in text


@pytest.mark.parametrize("name", ["switch-year", "switch-post"])
def test_what_only_takes_a_button_says_so_and_whom_to_call(as_user, clerk, name):
    """Opened by a refresh or a bookmark: not the empty page of the framework."""
    answer = as_user(clerk).get(reverse(name))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "这个地址不能直接打开" in answer.content.decode()
    calls(answer.content.decode())


def test_who_asks_too_often_is_told_whom_to_call(rf):
    """429, of the page that checks papers; nobody has logged in there."""
    client, address = Client(), reverse("verify")
    asked = {"number": "JC340001202600001号", "code": "ABCD-EFGH-JKMN"}
    for _ in range(limits.MOST + 1):
        answer = client.get(address, asked)
    assert answer.status_code == 429
    calls(answer.content.decode())


def test_every_error_page_there_is_has_a_test():
    """A template of an error without a case above fails here."""
    pages = {int(file.stem) for file in (settings.BASE_DIR / "templates").glob("[45]??.html")}
    assert pages == {*RAISES, 404, 405}


def test_every_number_of_the_list_can_be_called():
    from procurement.overview.demo.organizations import create, create_contacts

    create_contacts(create())
    text = Client().get("/accounts/contacts/").content.decode()
    for number in ("68150190", "68150413", "68150622", "68150631", "68150309", "68150640", "15256996635"):
        assert re.search(rf'href="tel:(0551)?{number}"', text), number
    assert "2638063219" in text
