"""What plans may link to, and what the assistant is told of a case."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import SingleSourceNotice
from notices.publicity import publicity

from . import makers

pytestmark = pytest.mark.django_db


def test_only_a_completed_notice_past_its_term_is_linkable(
    unit, places, clerk, officer, django_assert_num_queries
):
    done = makers.completed(unit, clerk, officer)
    waiting = makers.approved(unit, clerk, officer)
    with django_assert_num_queries(1):
        assert list(SingleSourceNotice.objects.linkable(unit)) == [done]
    assert not SingleSourceNotice.objects.linkable(places.foreign_unit)
    with django_assert_num_queries(1):
        told = publicity([done.case, waiting.case, uuid.uuid4()])
    assert told == {done.case: True, waiting.case: False}
    assert publicity([]) == {}


def test_a_notice_marked_complete_too_early_is_not_linkable(unit, clerk, officer):
    paper = makers.completed(unit, clerk, officer)
    today = timezone.localdate()
    SingleSourceNotice.objects.filter(pk=paper.pk).update(publicity_end=today)
    assert not SingleSourceNotice.objects.linkable(unit)
    assert publicity([paper.case]) == {paper.case: False}
    SingleSourceNotice.objects.filter(pk=paper.pk).update(publicity_end=today - timedelta(days=1))
    assert SingleSourceNotice.objects.linkable(unit).get() == paper
