"""Posts: guardian permissions with dates, one table of grants, one map a request."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from accounts.models import Appointment, Post
from tests.world import fresh, person

TODAY = timezone.localdate
DAY = timedelta(days=1)


def agree(user, post, place) -> bool:
    """has_perm and user.posts must say the same; returns what they say."""
    user = fresh(user)
    answer = user.has_perm(f"accounts.{post}", place)
    assert answer == user.posts.holds(post, place.pk)
    return answer


def test_assign_perm_and_has_perm_agree_with_the_posts(places, stranger):
    assert not agree(stranger, Post.REVIEWER, places.unit)
    assign_perm("accounts.reviewer", stranger, places.unit)
    assert agree(stranger, Post.REVIEWER, places.unit)
    assert not agree(stranger, Post.CLERK, places.unit)
    assert not agree(stranger, Post.REVIEWER, places.foreign_unit)
    remove_perm("accounts.reviewer", stranger, places.unit)
    assert not agree(stranger, Post.REVIEWER, places.unit)


@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [(0, None, True), (1, None, False), (-9, 0, True), (-9, -1, False), (-9, 9, True), (3, 9, False)],
)
def test_a_post_counts_between_its_days_only(places, begins, ends, holds):
    user = person("temp", "临时")
    dates = {"valid_from": TODAY() + begins * DAY, "valid_to": ends if ends is None else TODAY() + ends * DAY}
    Appointment.objects.appoint(user, Post.CLERK, places.unit, **dates)
    assert agree(user, Post.CLERK, places.unit) is holds


def test_a_closed_organisation_and_a_switched_off_person_hold_nothing(places, clerk, reviewer):
    clerk.is_active = False
    clerk.save(update_fields=["is_active"])
    assert not agree(clerk, Post.CLERK, places.unit)
    places.unit.is_active = False
    places.unit.save(update_fields=["is_active"])
    assert not agree(reviewer, Post.REVIEWER, places.unit)


def test_an_appointment_cannot_end_before_it_begins_nor_stand_twice(places, clerk):
    wrong = {"valid_from": TODAY(), "valid_to": TODAY() - DAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.appoint(clerk, Post.REVIEWER, places.foreign_unit, **wrong)
    grant = clerk.appointments.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(user=clerk, permission=grant.permission, content_object=places.unit)


def test_the_whole_map_is_one_query(clerk, places, django_assert_num_queries):
    user = fresh(clerk)
    with django_assert_num_queries(1):
        assert user.posts.holds(Post.CLERK, places.unit.pk)
        assert user.posts.organizations(Post.CLERK) == {places.unit.pk}
        assert [seat.label for seat in user.posts] == ["经办岗"]
        assert user.has_perm("accounts.clerk", places.unit)


def test_an_administrator_has_no_post(admin, places):
    assert len(admin.posts) == 0
    assert not admin.posts.holds(Post.APPROVER, places.office.pk)
