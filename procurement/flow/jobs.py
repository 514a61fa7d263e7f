"""What runs beside the pages: sweeping up what nobody came back for."""

from collections.abc import Iterator
from datetime import timedelta

from celery import shared_task
from django.core.files.storage import default_storage
from django.utils import timezone

from .attachments import FOLDER, Attachment
from .drafts import Draft

GRACE = timedelta(days=1)  # a request that is storing a file has not committed its row yet


@shared_task
def sweep_drafts() -> int:
    """Nightly: unsaved typing older than 30 days."""
    return Draft.objects.outdated().delete()[0]


@shared_task
def sweep_files() -> int:
    """Nightly: files of rolled-back uploads and of deleted drafts, which no row speaks of any more."""
    gone = 0
    for folder in folders(FOLDER):
        names = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
        for name in names - set(Attachment.objects.filter(file__in=names).values_list("file", flat=True)):
            if default_storage.get_modified_time(name) < timezone.now() - GRACE:
                default_storage.delete(name)
                gone += 1
    return gone


def folders(root: str) -> Iterator[str]:
    """The months' folders: attachments/2026/11."""
    if not default_storage.exists(root):
        return
    for year in default_storage.listdir(root)[0]:
        for month in default_storage.listdir(f"{root}/{year}")[0]:
            yield f"{root}/{year}/{month}"
