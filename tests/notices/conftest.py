"""The server's token on SoftHSM2, a sandbox portal that trusts it, papers to publish."""

import os
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.cakey import authority as ca
from accounts.models import Organization, OrgKind, User
from notices import jobs
from notices.models import CHANNEL, Difference, Publication
from procurement.flow.models import Document
from procurement.flow.outbox import Delivery
from tests.browser import *  # noqa: F403
from tests.sandbox.running import Sandbox
from tests.world import YEAR

PIN = "739155"


@dataclass
class Hsm:
    """The server's token and who trusts it."""

    conf: Path
    pin_file: Path
    trust: Path
    keyid: str


@pytest.fixture(scope="session")
def hsm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hsm")
    authority = ca.create_authority(folder / "authority")
    conf = ca.create_conf(folder / "server")
    certificate = ca.make_server_token(authority, conf, pin=PIN)
    (folder / "trust").mkdir()
    (folder / "trust/portal.pem").write_bytes(ca.pem(certificate))
    (folder / "pin").write_text(PIN + "\n")
    return Hsm(conf, folder / "pin", folder / "trust", certificate.fingerprint(ca.hashes.SHA256()).hex())


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, hsm):
    running = Sandbox(tmp_path_factory.mktemp("portal"), hsm.trust).start()
    yield running
    running.stop()


@pytest.fixture
def portal(sandbox, hsm, settings, monkeypatch, broker):
    """The sandbox as the portal of this process, whose relay signs with the token."""
    monkeypatch.setenv("SOFTHSM2_CONF", str(hsm.conf))
    settings.PKCS11_PIN_FILE = str(hsm.pin_file)
    settings.PORTAL_URL = sandbox.url
    yield sandbox
    sandbox.fault("none")
    jobs.SIGNER.close()


@pytest.fixture
def environment(portal, hsm, broker):
    """What a worker process of the tests needs to know."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"]
    head, _, query = url.partition("?")
    return os.environ | {
        "PROCUREMENT_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "tests.notices.worker_settings",
        "DATABASE_URL": head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else ""),
        "PORTAL_URL": portal.url,
        "PKCS11_PIN_FILE": str(hsm.pin_file),
        "SOFTHSM2_CONF": str(hsm.conf),
        "TEST_BROKER_PREFIX": broker,
    }


@dataclass
class Desk:
    """Makes papers and publications of one unit."""

    unit: Organization
    clerk: User

    def paper(self, title="安徽示例大学2026年11月政府采购意向", **fields) -> Document:
        return Document.objects.create(
            kind="intent",
            number=f"YX{uuid.uuid4().hex[:20]}",
            title=title,
            unit=self.unit,
            division=self.unit,
            office=self.unit,
            fiscal_year=YEAR,
            clerk=self.clerk,
            **fields,
        )

    def publication(self, title="安徽示例大学2026年11月政府采购意向", **options) -> Publication:
        from django.db import transaction

        with transaction.atomic():
            paper = self.paper(title)
            owed = Publication.announce(paper, title=title, html="<p>现公开如下：</p>", **options)
        return Publication.objects.get(pk=owed.pk)


@pytest.fixture
def desk(db):
    unit = Organization.objects.create(kind=OrgKind.PURCHASER, name="安徽示例大学", budget_code="105001")
    return Desk(unit, User.objects.create(username="jb_daxue01", name="李经办"))


class Made:
    """Makes publications of the world's unit, and differences of theirs."""

    def __init__(self, unit, clerk, officer):
        self.unit, self.clerk = unit, clerk
        self.office = next(iter(officer.posts)).content_object

    def __call__(self, title="第一份意向", html="<p>正文</p>", **state) -> Publication:
        from django.db import transaction

        with transaction.atomic():
            paper = Document.objects.create(
                kind="intent", number=uuid.uuid4().hex, title=title, unit=self.unit,
                division=self.unit.division, office=self.office, fiscal_year=YEAR, clerk=self.clerk,
                submitted_at=timezone.now(),
            )  # fmt: skip
            row = Publication.announce(paper, title=title, html=html)
        Publication.objects.filter(pk=row.pk).update(**state)
        return Publication.objects.get(pk=row.pk)

    def sent(self, title="第一份意向", **state) -> Publication:
        address = {"remote_id": "7", "remote_url": "http://p/7"}
        return self(title, state="sent", sent_at=timezone.now(), **address, **state)

    def drifting(self, *rows: Publication, **changed) -> list[Difference]:
        """The portal shows each of them with another title, or as told."""
        changed = changed or {"title": "被改过的标题"}
        return [
            Difference.objects.create(
                delivery=row, key=row.key, kind="content", copy=row.body | changed, copy_sha256="0" * 64
            )
            for row in rows
        ]


@pytest.fixture
def publication(unit, clerk, officer):
    return Made(unit, clerk, officer)


def due_now(**filters) -> None:
    """Time passes: what waits for its next try, or for a lease to run out, is due."""
    from django.db.models.functions import Now

    Delivery.objects.filter(channel=CHANNEL, **filters).update(next_at=Now(), lease_until=None)
