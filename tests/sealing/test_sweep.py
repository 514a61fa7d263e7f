"""What was drawn of a paper that was withdrawn before it was sealed does not stay on the disk."""

import pytest
from django.db import transaction

from procurement.sealing import jobs

from .conftest import made, order
from .test_flow import files
from .test_killed_worker import environment, run  # noqa: F401


def withdrawn(paper):
    with transaction.atomic():
        paper.withdraw()
    return paper


def test_only_what_was_withdrawn_unsealed_is_swept(sealing, document, settings):
    kept = withdrawn(made(order(document)))
    order(document)
    gone = order(document)
    assert jobs.render() == 2
    withdrawn(gone)
    assert jobs.sweep() == 1
    assert jobs.sweep() == 0
    names = sorted(path.name for path in files(settings))
    assert names == ["rendered.pdf", "signed-2.pdf"]
    assert kept.file.storage.exists(kept.file.name), "what was once official stays on record"


@pytest.mark.django_db(transaction=True)
def test_a_kill_at_any_step_leaves_nothing_for_good(run, document, settings):  # noqa: F811
    paper = order(document)
    assert run("render", "return", "write") == -9
    withdrawn(paper)
    assert files(settings), "on the disk, though no row speaks of it"
    assert run("sweep", "call", "discard") == -9
    assert files(settings)
    assert run("sweep", "return", "discard") == -9
    assert not files(settings)
    assert jobs.sweep() == 0
