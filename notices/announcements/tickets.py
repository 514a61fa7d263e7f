"""The way into the portal's own announcement system without a second login (M 3.7).

Whoever presses the button gets a ticket bound to person, post and unit; the server's key lives with the
worker of the queue `hsm`, so that one signs it. A ticket is shown once and good for a minute; the portal
honours it once. What was asked for and never fetched simply expires.
"""

import base64
import json
import secrets
import time
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts.models import Appointment, Organization, Post, User
from procurement.flow.outbox import wake

from ..signer import PublicationSigner

CHANNEL = "portal.ticket"
GOOD = 60  # seconds
PATIENCE = timedelta(seconds=20)  # how long the page waits for the signature


def nonce() -> str:
    return secrets.token_urlsafe(24)


def system_url() -> str:
    """The portal's announcement system, as a browser reaches it."""
    return f"{(settings.PORTAL_PUBLIC_URL or settings.PORTAL_URL).rstrip('/')}/publish/"


class PortalTicket(models.Model):
    """Who went over to the portal's own system, for which unit, when."""

    nonce = models.CharField("凭证编号", max_length=40, unique=True, default=nonce)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="用户")
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="单位")
    post = models.CharField("岗位", max_length=10, choices=Post)
    asked_at = models.DateTimeField("申请时间", default=timezone.now)
    expires_at = models.DateTimeField("有效至", null=True)
    taken_at = models.DateTimeField("进入时间", null=True)
    token = models.TextField("凭证", blank=True)  # gone once it is taken

    class Meta:
        verbose_name = verbose_name_plural = "门户登录凭证"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["asked_at"], name="tickets_by_time")]

    def __str__(self):
        return f"{self.user} {self.asked_at:%Y-%m-%d %H:%M}"

    @classmethod
    @transaction.atomic
    def ask(cls, appointment: Appointment) -> "PortalTicket":
        """For the person in the post being acted in."""
        ticket = cls.objects.create(
            user=appointment.user, unit=appointment.content_object, post=appointment.post
        )
        transaction.on_commit(lambda: wake(CHANNEL), robust=True)
        return ticket

    def claims(self, now: int) -> dict:
        return {
            "iss": settings.PUBLIC_BASE_URL, "aud": system_url(), "sub": self.user.username,
            "name": self.user.name, "post": self.get_post_display(), "unit": self.unit.name,
            "uscc": self.unit.uscc or "", "jti": self.nonce, "iat": now, "exp": now + GOOD,
        }  # fmt: skip

    def sign(self, signer: PublicationSigner) -> None:
        """JWS, ES256 (RFC 7515); the time it is good for begins now."""
        now = int(time.time())
        header = {"alg": "ES256", "typ": "portal-ticket+jwt", "kid": signer.keyid}
        signed = f"{coded(header)}.{coded(self.claims(now))}"
        token = f"{signed}.{base64url(signer.sign(signed.encode()))}"
        ends = timezone.now() + timedelta(seconds=GOOD)
        PortalTicket.objects.filter(pk=self.pk, token="", taken_at=None).update(token=token, expires_at=ends)

    @property
    def standing(self) -> str:
        """waiting, ready, late (nobody signed it in time), expired or taken."""
        if self.taken_at:
            return "taken"
        if not self.token:
            return "waiting" if timezone.now() - self.asked_at < PATIENCE else "late"
        return "ready" if timezone.now() < self.expires_at else "expired"

    def take(self) -> str | None:
        """The address that lets its holder in; given out once."""
        taken = PortalTicket.objects.filter(pk=self.pk, taken_at=None, token__gt="")
        if self.standing != "ready" or not taken.update(taken_at=timezone.now(), token=""):
            return None
        return f"{system_url()}enter?{urlencode({'ticket': self.token})}"


def sign_waiting(signer: PublicationSigner) -> int:
    """Sign what is still waited for; how many."""
    since = timezone.now() - PATIENCE
    rows = PortalTicket.objects.filter(token="", taken_at=None, asked_at__gt=since)
    tickets = list(rows.select_related("user", "unit").order_by("pk")[:200])
    for ticket in tickets:
        ticket.sign(signer)
    return len(tickets)


def coded(value: dict) -> str:
    return base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
