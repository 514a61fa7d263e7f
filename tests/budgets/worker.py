"""One of several processes that move money at once: `python -m tests.budgets.worker SEED STEPS`."""

import json
import os
import random
import sys
from collections import Counter
from decimal import Decimal

import django

django.setup()

from django.core.exceptions import ValidationError  # noqa: E402

from accounts.models import User  # noqa: E402
from budgets.models import BudgetEntry, Ledger, Quota, QuotaConfirmation  # noqa: E402


def step(dice: random.Random, by: User, papers: list, hot: Quota, many: list, net: Counter) -> None:
    """One random act; `net` keeps in fen what this process believes it has done."""
    quota = hot if dice.random() < 0.5 else dice.choice(many)
    amount = Decimal(dice.randint(1, 5000)).scaleb(-2)
    act = dice.random()
    if act < 0.5:
        made = quota.confirm(amount, by)
        net[f"confirmed {quota.pk}"] += int(made.amount * 100)
        return
    own = QuotaConfirmation.objects.filter(quota=quota, status="active").order_by("?")[:3]
    if act < 0.6:
        for row in own[:1]:
            row.delete_unused(by)
            net[f"confirmed {quota.pk}"] -= int(row.amount * 100)
        return
    paper, picked = dice.choice(papers), {row.pk: amount for row in own}
    verb = dice.choice(["reserve", "reserve", "release", "commit", "uncommit"])
    getattr(Ledger(paper, by), verb)(picked)
    sign = {"reserve": 1, "release": -1}.get(verb, 0)
    net["reserved or committed"] += sign * int(amount * 100) * len(picked)


def main(seed: int, steps: int) -> None:
    dice, net = random.Random(seed), Counter()
    by = User.objects.get(username="clerk")
    papers = list(BudgetEntry.objects.order_by("pk"))
    hot, *many = Quota.objects.order_by("quota_no")
    for _ in range(steps):
        try:
            step(dice, by, papers, hot, many, net)
        except ValidationError:
            net["refused"] += 1
    json.dump(net, sys.stdout)


if __name__ == "__main__":
    assert os.environ["DATABASE_URL"].split("?")[0].rsplit("/", 1)[1].startswith("test_")
    main(int(sys.argv[1]), int(sys.argv[2]))
