"""Files no row speaks of: what a rolled-back upload or a deleted draft leaves is swept a day later."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from procurement.flow.jobs import sweep_files
from procurement.flow.models import Attachment
from tests.papers import entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def attached(paper, by) -> Attachment:
    return Attachment.receive(paper, SimpleUploadedFile("证明.pdf", b"%PDF-1.7\n"), "fund_proof", by)


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def age(path: Path, hours: int) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def test_nothing_to_sweep_before_the_first_upload(media):
    assert sweep_files() == 0


def test_what_a_rolled_back_upload_left_goes_after_a_day_and_what_is_in_use_stays(unit, clerk, media):
    paper = entry(unit, clerk)
    kept = attached(paper, clerk)
    with transaction.atomic():
        attached(paper, clerk)
        transaction.set_rollback(True)
    assert len(files(media)) == 2
    for path in files(media):
        age(path, 23)
    assert sweep_files() == 0
    for path in files(media):
        age(path, 25)
    assert sweep_files() == 1
    assert files(media) == [Path(kept.file.path)]


def test_a_deleted_draft_takes_its_files_along(as_user, unit, clerk, media):
    paper = entry(unit, clerk)
    attached(paper, clerk)
    as_user(clerk).post(reverse("budgetentry-delete", args=[paper.pk]))
    age(files(media)[0], 25)
    assert sweep_files() == 1
    assert files(media) == []
