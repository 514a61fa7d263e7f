"""A server token, a paper of a kind of its own, and workers run by hand or as processes."""

import uuid

import pytest
from django.db import transaction

from accounts.cakey import authority as ca
from accounts.cakey import trust
from accounts.models import TrustedCA
from notices.jobs import SIGNER
from procurement.flow.models import Document
from procurement.sealing import jobs
from procurement.sealing.models import SealedPaper
from tests.browser import *  # noqa: F403
from tests.world import YEAR

from . import trial  # noqa: F401 - registers its kind of paper

PIN = "739155"


@pytest.fixture(scope="session")
def token(tmp_path_factory):
    """The server's key on SoftHSM2, under an authority of its own: (authority, conf, pin file)."""
    folder = tmp_path_factory.mktemp("seal")
    authority = ca.create_authority(folder / "authority")
    conf = ca.create_conf(folder / "server")
    ca.make_server_token(authority, conf, pin=PIN)
    (folder / "pin").write_text(PIN + "\n")
    return authority, conf, folder / "pin"


@pytest.fixture
def sealing(db, token, settings, monkeypatch, tmp_path):
    """This process signs with the token, trusts its authority and keeps its files apart."""
    authority, conf, pin = token
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    settings.PKCS11_PIN_FILE = str(pin)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    trust.add_ca(authority.root, "演练根")
    trust.add_ca(authority.issuing, "演练", role=TrustedCA.Role.INTERMEDIATE)
    yield authority
    SIGNER.close()


@pytest.fixture
def document(unit, places, clerk):
    return Document.objects.create(
        kind="plan", number=f"JH{uuid.uuid4().hex[:12]}", title="台式计算机", unit=unit,
        division=places.division, office=places.office, fiscal_year=YEAR, clerk=clerk,
    )  # fmt: skip


def order(document, template="trial", **fields) -> SealedPaper:
    """An order as a filing leaves it."""
    number = fields.pop("number", f"RW{uuid.uuid4().hex[:10].upper()}")
    values = {"title": "试验文件", "snapshot": {"text": "内容", "rows": 3}} | fields
    with transaction.atomic():
        return SealedPaper.order(document, template, number=number, **values)


def made(paper: SealedPaper) -> SealedPaper:
    """Both workers have been at it."""
    jobs.render()
    jobs.sign()
    paper.refresh_from_db()
    return paper
