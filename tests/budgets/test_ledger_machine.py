"""The ledger against a plain Python model: Hypothesis invents the histories."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from budgets.models import AdjustmentKind, Ledger, Quota, QuotaConfirmation
from budgets.verification import problems
from tests import world

from . import makers

CENT = Decimal("0.01")
amounts = st.integers(1, 20_000).map(lambda cents: cents * CENT)
picks = st.integers(0, 10**6)


class LedgerMachine(RuleBasedStateMachine):
    """Two quotas, three papers, random people; the model is dictionaries of Decimals."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        unit = world.organizations().unit
        self.by = world.person("machine", "李经办")
        self.quotas = [makers.quota(unit, "150.00", f"ZB{n}").pk for n in (1, 2)]
        self.papers = [makers.paper(unit, self.by, f"JH{n}") for n in (1, 2, 3)]
        self.limit = dict.fromkeys(self.quotas, Decimal("150.00"))
        self.made = {}  # confirmation -> [quota, amount]
        self.reserved, self.committed = {}, {}  # (paper, confirmation) -> amount

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    # what the model knows
    def confirmed(self, quota):
        return sum((amount for owner, amount in self.made.values() if owner == quota), Decimal(0))

    def used(self, confirmation):
        both = (self.reserved, self.committed)
        return sum((a for table in both for (_, c), a in table.items() if c == confirmation), Decimal(0))

    def overdrawn(self, quota):
        return self.limit[quota] < self.confirmed(quota)

    def attempt(self, allowed: bool, action) -> bool:
        """Do it; the database and the model must agree on whether it may happen."""
        try:
            with transaction.atomic():
                action()
        except ValidationError:
            assert not allowed
            return False
        assert allowed
        return True

    @rule(pick=picks, amount=amounts)
    def confirm(self, pick, amount):
        quota = self.quotas[pick % 2]
        result = []
        allowed = self.limit[quota] - self.confirmed(quota) >= amount
        if self.attempt(allowed, lambda: result.append(Quota.objects.get(pk=quota).confirm(amount, self.by))):
            self.made[result[0].pk] = [quota, amount]

    @rule(pick=picks)
    def unconfirm(self, pick):
        if not self.made:
            return
        key = sorted(self.made)[pick % len(self.made)]
        allowed = not self.used(key)
        row = QuotaConfirmation.objects.get(pk=key)
        if self.attempt(allowed, lambda: row.delete_unused(self.by)):
            del self.made[key]

    @rule(pick=picks, change=st.integers(-8_000, 8_000).filter(bool), kind=st.sampled_from(AdjustmentKind))
    def finance(self, pick, change, kind):
        quota, amount = self.quotas[pick % 2], change * CENT
        row = Quota.objects.get(pk=quota)
        if kind != AdjustmentKind.ADJUST and getattr(row, kind.column) + amount < 0:
            return
        row.change(kind, amount)
        self.limit[quota] += -amount if kind == AdjustmentKind.FREEZE else amount

    @rule(pick=picks, parts=st.lists(amounts, min_size=1, max_size=3))
    def reserve(self, pick, parts):
        wanted = dict(zip(sorted(self.made)[pick % 3 :], parts, strict=False))
        paper = self.papers[pick % 3]
        allowed = all(
            not self.overdrawn(self.made[key][0]) and self.made[key][1] - self.used(key) >= amount
            for key, amount in wanted.items()
        )
        if self.attempt(allowed, lambda: Ledger(paper, self.by).reserve(wanted)):
            for key, amount in wanted.items():
                self.reserved[paper.pk, key] = self.reserved.get((paper.pk, key), Decimal(0)) + amount

    @rule(pick=picks)
    def release_all(self, pick):
        paper = self.papers[pick % 3]
        Ledger(paper, self.by).release()
        self.reserved = {key: amount for key, amount in self.reserved.items() if key[0] != paper.pk}

    def shift(self, verb, source, target, pick, amount):
        keys = sorted(self.made)
        if not keys:
            return
        paper, key = self.papers[pick % 3], keys[pick % len(keys)]
        allowed = source.get((paper.pk, key), Decimal(0)) >= amount
        if self.attempt(allowed, lambda: getattr(Ledger(paper, self.by), verb)({key: amount})):
            source[paper.pk, key] -= amount
            if target is not None:
                target[paper.pk, key] = target.get((paper.pk, key), Decimal(0)) + amount

    @rule(pick=picks, amount=amounts)
    def release(self, pick, amount):
        self.shift("release", self.reserved, None, pick, amount)

    @rule(pick=picks, amount=amounts)
    def commit(self, pick, amount):
        self.shift("commit", self.reserved, self.committed, pick, amount)

    @rule(pick=picks, amount=amounts)
    def uncommit(self, pick, amount):
        self.shift("uncommit", self.committed, self.reserved, pick, amount)

    @invariant()
    def the_database_says_what_the_model_says(self):
        for row in Quota.objects.all():
            assert row.confirmed_amount == self.confirmed(row.pk)
            assert row.available == self.limit[row.pk] - self.confirmed(row.pk)
            assert row.overdrawn == self.overdrawn(row.pk)
        active = QuotaConfirmation.objects.active()
        assert {row.pk: row.available for row in active} == {
            key: amount - self.used(key) for key, (_, amount) in self.made.items()
        }
        assert list(problems()) == []


class TestLedger(TestCase):
    """Histories run inside the test's own transaction."""

    def test_invented_histories_end_as_the_model_says(self):
        run_state_machine_as_test(
            LedgerMachine, settings=settings(max_examples=50, stateful_step_count=30, deadline=None)
        )


pytestmark = pytest.mark.django_db
