"""The truth check as Celery knows it; it signs nothing, so it keeps off the token's queue."""

from celery import shared_task
from django.db import transaction

from notices.jobs import SIGNER
from notices.models import CHANNEL
from notices.portal import Portal, Unread
from procurement.flow.outbox import Delivery, wake

from . import findings, inspecting

CHECK, CHECK_ONE = "portal.check", "portal.check_one"  # as apps.py tells the outbox


@shared_task(name="notices.workbench.inspect", time_limit=170)
def inspect() -> bool:
    """By beat through the night: begin tonight's pass, or go on with the unfinished one."""
    more = inspecting.inspect(Portal(SIGNER))
    if more:
        wake(CHECK)
    return more


@shared_task(name="notices.workbench.inspect_one", time_limit=60)
def inspect_one(pk: int) -> bool:
    """立即核对: one notice, because a person asked; false when the portal did not answer."""
    delivery = Delivery.objects.get(pk=pk, channel=CHANNEL, state=Delivery.State.SENT)
    portal = Portal(SIGNER)
    answer = portal.read_back(delivery.key)
    portal.close()
    if isinstance(answer, Unread):
        return False
    with transaction.atomic():
        Delivery.objects.select_for_update().get(pk=pk)  # two at once would both open a difference
        known = findings.open_differences([delivery.key])
        findings.settle(known.get(delivery.key), findings.compare(delivery, answer))
    return True
