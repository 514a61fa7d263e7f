"""Sweeping up files of objections that were never taken in."""

from celery import shared_task
from django.core.files.storage import default_storage
from django.utils import timezone

from procurement.flow.jobs import GRACE, folders

from .files import FOLDER
from .models import ObjectionFile


@shared_task(name="notices.objections.jobs.sweep_files")
def sweep_files() -> int:
    """Nightly: what a rolled-back or killed request has left on the disk."""
    gone = 0
    for folder in folders(FOLDER):
        names = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
        for name in names - set(ObjectionFile.objects.filter(file__in=names).values_list("file", flat=True)):
            if default_storage.get_modified_time(name) < timezone.now() - GRACE:
                default_storage.delete(name)
                gone += 1
    return gone
