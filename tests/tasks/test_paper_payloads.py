"""Nothing a user types can make the paper fetch, run or embed anything: 25 payloads in every field."""

import re
import socket
import subprocess
import threading

import pytest
from django.db import models
from weasyprint import HTML

from accounts.models import Organization, User
from plans.models import ImportApproval, PlanFunding, PlanItem, PlanPackage
from procurement.flow.models import Move
from procurement.flow.printing import Unprintable, render_pdf
from procurement.sealing import rendering
from procurement.sealing.models import SealedPaper
from tasks import printing
from tests.plans.makers import agency

from . import paper_samples as samples
from .makers import approved, filing

PAYLOADS = [
    '<img src="{url}/1.png">',
    '"><img src={url}/2.png>',
    "'><img src={url}/3>",
    "<link rel=stylesheet href={url}/4.css>",
    '<link rel=attachment href="file:///etc/passwd">',
    '<a rel=attachment href="{url}/6">x</a>',
    "<style>@import url({url}/7.css);</style>",
    "<style>@font-face{{font-family:x;src:url({url}/8)}}*{{font-family:x}}</style>x",
    '<p style="background:url({url}/9)">x</p>',
    '<object data="{url}/10"></object>',
    '<embed src="{url}/11">',
    '<iframe src="{url}/12"></iframe>',
    '<svg><image href="{url}/13"/></svg>',
    '<svg><use xlink:href="{url}/14#a"/></svg>',
    "<base href={url}/15/><img src=x>",
    '<meta http-equiv=refresh content="0;url={url}/16">',
    '<script>fetch("{url}/17")</script>',
    "<img src=file:///etc/passwd>",
    "<embed src=/etc/hostname>",
    '<!DOCTYPE x [<!ENTITY y SYSTEM "{url}/20">]>&y;',
    "{{% include '/etc/passwd' %}}{{{{ settings.SECRET_KEY }}}}",
    "</td></tr></table><img src={url}/22>",
    "</body><img src={url}/23>",
    "&lt;img src={url}/24&gt;&#60;img src={url}/24&#62;",
    'data:text/html,<img src={url}/25>") url({url}/25',
]


@pytest.fixture
def listener():
    """An address of this machine where every connection is counted: (url, list of request lines)."""
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        over = threading.Event()

        def listen():
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(1)
                    heard.append(connection.recv(200))
                    connection.sendall(b"HTTP/1.0 404 No\r\n\r\n")

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        over.set()
        thread.join()


def typed(model) -> list[models.Field]:
    """The fields of a model a person types text into."""
    fields = [
        field for field in model._meta.local_fields if isinstance(field, (models.CharField, models.TextField))
    ]
    return [field for field in fields if not field.choices and not field.unique and field.editable]


NOT_TYPED = (
    "kind", "state", "verb", "username", "region",
    "previous", "sha256", "content_sha256", "key", "head", "last_verb",
)  # fmt: skip


def poison(rows, payload: str) -> int:
    """Write it into every typed field, cut to what fits; how many fields."""
    fields = [field for field in typed(rows.model) if field.name not in NOT_TYPED]
    rows.update(**{field.name: payload[: field.max_length] for field in fields})
    return len(fields)


def tool(*words) -> str:
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True).stdout


@pytest.fixture
def book(unit, clerk, reviewer, confirmed):
    plan = approved(unit, clerk, reviewer, confirmed, agency=agency())
    PlanPackage.objects.create(plan=plan, name="包", budget=1000)
    ImportApproval.objects.create(
        plan=plan, item=plan.items.get(), country="德国", purpose="教学", import_class="other",
        import_case="law", reason="国内没有",
    )  # fmt: skip
    return filing(plan, clerk)


def test_no_typed_text_is_fetched_run_or_embedded(book, listener, tmp_path):
    url, heard = listener
    plan = type(book.approved_plan).objects.filter(pk=book.approved_plan_id)
    places = [
        plan, PlanItem.objects.all(), PlanFunding.objects.all(), PlanPackage.objects.all(),
        ImportApproval.objects.all(), Organization.objects.filter(pk=book.unit_id), User.objects.all(),
        Move.objects.all(), confirmed_quota(book),
    ]  # fmt: skip
    for number, payload in enumerate(PAYLOADS):
        text = payload.format(url=url)
        assert sum(poison(rows, text) for rows in places) > 30
        plan.update(title=text)
        pdf = rendering.render(samples.paper(printing.snapshot(type(book).objects.get(pk=book.pk))))
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(pdf)
        assert tool("pdfdetach", "-list", path).startswith("0 embedded"), payload
        assert "root:" not in (shown := tool("pdftotext", path, "-"))
        assert squeezed(text)[:12] in squeezed(shown), payload
        assert not re.search(rb"/(URI|Launch|JavaScript|JS|GoToR|EmbeddedFile|Filespec)\b", pdf), payload
    assert heard == []


def test_the_head_of_the_paper_is_closed_to_them_too(listener):
    url, heard = listener
    for payload in PAYLOADS:
        text = payload.format(url=url)
        taken = samples.snapshot("mall")
        rendering.render(samples.paper(taken | {"number": text[:40], "title": text[:300]}))
    assert heard == []


@pytest.mark.parametrize("payload", PAYLOADS[:1] + PAYLOADS[6:10])
def test_the_listener_hears_what_is_not_closed(listener, payload):
    """The same payloads, in a renderer as it comes: the proof above would notice."""
    url, heard = listener
    HTML(string=payload.format(url=url)).write_pdf()
    assert heard


def test_an_address_in_a_template_of_ours_stops_the_paper(listener, settings, tmp_path):
    """Fail closed: what is no data: address raises, and the paper goes to a person instead of out."""
    url, heard = listener
    (tmp_path / "leak.html").write_text('<img src="{{ address }}">')
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    for address in (f"{url}/x", "file:///etc/passwd"):
        with pytest.raises(Unprintable):
            render_pdf("leak.html", {"address": address})
    assert heard == []


def confirmed_quota(book):
    confirmation = book.approved_plan.fundings.get().confirmation
    return type(confirmation.quota).objects.filter(pk=confirmation.quota_id)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_samples_are_of_the_shape_a_filing_takes_down(book):
    """What the other tests draw has exactly the keys that a real filing stores."""
    real, made_up = SealedPaper.objects.get().snapshot, samples.snapshot("central")
    assert real.keys() == made_up.keys()
    for name in ("items", "fundings", "packages", "trail"):
        assert real[name][0].keys() == made_up[name][0].keys(), name
