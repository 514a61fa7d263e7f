"""The peer of W5: one Celery task for every notice, as one writes it first."""

from celery import Celery
from django.conf import settings

app = Celery("naive", broker=settings.CELERY_BROKER_URL, set_as_current=False)
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)
app.conf["CELERY_DB_REUSE_MAX"] = 10_000  # Celery's Django part would connect anew for every task
SIGNERS = []  # one session on the token per process, as the relay has it


@app.task(name="bench.publish_one")
def publish_one(pk: int) -> None:
    """Read the row, open a connection, sign, send, write down where it stands."""
    from django.db.models.functions import Now

    from notices.models import Publication
    from notices.portal import Portal
    from notices.signer import Pkcs11Signer

    if not SIGNERS:
        SIGNERS.append(Pkcs11Signer())
    row, portal = Publication.objects.get(pk=pk), Portal(SIGNERS[0])
    sent = portal.send(row.key, row.content, row.body_sha256)
    portal.close()
    Publication.objects.filter(pk=pk).update(
        state="sent", sent_at=Now(), remote_id=sent.id, remote_url=sent.url
    )
