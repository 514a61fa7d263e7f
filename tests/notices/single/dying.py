"""A process of the tests that is killed at the worst moment: `python -m tests.notices.single.dying WHAT PK`.

approve: after the decision is committed, before anybody is woken. settle: after the completion is written,
before it is committed.
"""

import os
import signal
import sys

import django


def approve(pk: int) -> None:
    from django.db import transaction

    from accounts.models import User
    from notices.models import SingleSourceNotice

    with transaction.atomic():
        transaction.on_commit(die)  # registered first: it runs before the worker is woken
        SingleSourceNotice.objects.get(pk=pk).perform("approve", User.objects.get(username="officer"), "同意")


def settle(pk: int) -> None:
    from django.db import transaction

    from notices.single.settling import settle

    with transaction.atomic():
        settle(pk)
        die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    django.setup()
    {"approve": approve, "settle": settle}[sys.argv[1]](int(sys.argv[2]))
