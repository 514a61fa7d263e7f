"""发布工作台: who sees what, and the retry by hand."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from notices.models import Event, Publication

pytestmark = pytest.mark.django_db


MOST = 6  # with the tabs in one of them, and the newest check in another
STUCK = {"state": "manual", "attempts": 8, "last_error": "门户拒绝（422）：标题为空"}


def test_the_unit_and_the_office_see_what_is_stuck(publication, as_user, clerk, reviewer, officer):
    publication(**STUCK)
    publication("另一份已发布", state="sent", sent_at=timezone.now(), remote_id="7", remote_url="http://p/7")
    for person in (clerk, reviewer, officer):
        page = as_user(person).get(reverse("publication-list")).content.decode()
        assert "人工处理" in page
        assert "门户拒绝（422）：标题为空" in page
        assert "另一份已发布" not in page
        assert ("重新发布：" in page) == (person != reviewer)
    assert "http://p/7" in as_user(clerk).get(reverse("publication-list") + "?tab=sent").content.decode()


def test_a_stranger_sees_nothing_and_can_retry_nothing(publication, as_user, stranger):
    row = publication(**STUCK)
    assert "第一份意向" not in as_user(stranger).get(reverse("publication-list")).content.decode()
    assert as_user(stranger).post(reverse("publication-retry", args=[row.pk])).status_code == 404


def test_a_reviewer_may_look_but_not_retry(publication, as_user, reviewer):
    row = publication(**STUCK)
    assert as_user(reviewer).post(reverse("publication-retry", args=[row.pk])).status_code == 403
    assert Publication.objects.get(pk=row.pk).status == "人工处理"


@pytest.mark.parametrize("name", ["clerk", "officer"])
def test_a_retry_begins_the_tries_anew(publication, as_user, request, name):
    row = publication(**STUCK)
    client = as_user(request.getfixturevalue(name))
    answer = client.post(reverse("publication-retry", args=[row.pk]), {"next": "/notices/?tab=all"})
    assert (answer.status_code, answer["Location"]) == (302, "/notices/?tab=all")
    assert Publication.objects.get(pk=row.pk).status == "待发布"
    assert "已安排重新发布" in client.get(answer["Location"]).content.decode()


def test_a_retry_of_what_is_out_says_so_and_never_leaves_the_site(publication, as_user, clerk):
    row = publication(state="sent", sent_at=timezone.now())
    client = as_user(clerk)
    answer = client.post(reverse("publication-retry", args=[row.pk]), {"next": "https://evil.example/"})
    assert answer["Location"] == reverse("publication-list")
    assert "不需要重新发布" in client.get(answer["Location"]).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_sends_and_it_is_on_record_once(publication, as_user, clerk, officer):
    row = publication(**STUCK)
    clients, start = [as_user(clerk), as_user(officer)], threading.Barrier(2)

    def press(client):
        start.wait()
        client.post(reverse("publication-retry", args=[row.pk]))
        connection.close()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Publication.objects.get(pk=row.pk).status == "待发布"
    (event,) = Event.objects.filter(delivery=row)
    assert (event.what, event.text) == ("again", "门户拒绝（422）：标题为空")
    assert event.by in (clerk, officer)


def test_get_changes_nothing(publication, as_user, clerk):
    row = publication(**STUCK)
    assert as_user(clerk).get(reverse("publication-retry", args=[row.pk])).status_code == 405


def test_the_list_costs_the_same_for_one_row_and_for_twenty(
    publication, as_user, clerk, django_assert_max_num_queries
):
    for number in range(20):
        publication(f"第{number}份", **STUCK)
    client = as_user(clerk)
    client.get(reverse("publication-list"))
    with django_assert_max_num_queries(MOST):
        client.get(reverse("publication-list"))
    publication.drifting(*Publication.objects.all())
    for tab in ("all", "drift"):
        with django_assert_max_num_queries(MOST):
            assert "有差异" in client.get(reverse("publication-list") + f"?tab={tab}").content.decode()
