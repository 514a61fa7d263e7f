"""The two addresses for whoever watches the server; both are open."""

from django.urls import reverse


def test_the_process_answers_without_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get(reverse("healthz")).content == b"ok"


def test_ready_means_the_database_answers(client, db):
    assert client.get(reverse("readyz")).status_code == 200


def test_they_only_answer(client, db):
    for name in ("healthz", "readyz"):
        assert client.post(reverse(name)).status_code == 405
