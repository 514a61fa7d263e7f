"""Columns that recur in the contract's tables."""

from django.db import models


def money(label: str, **options) -> models.DecimalField:
    return models.DecimalField(label, max_digits=18, decimal_places=2, **options)


def sum_or_none(label: str) -> models.DecimalField:
    return money(label, null=True, blank=True)


def text(label: str, length: int) -> models.CharField:
    return models.CharField(label, max_length=length, blank=True)


def chosen(label: str, options, **fields) -> models.CharField:
    return models.CharField(label, max_length=30, choices=options, blank=True, **fields)


def switch(label: str) -> models.BooleanField:
    return models.BooleanField(label, default=False)


def day(label: str) -> models.DateField:
    return models.DateField(label, null=True, blank=True)


class Row(models.Model):
    """A row of a contract; the form says in words what its constraints forbid."""

    class Meta:
        abstract = True

    def validate_constraints(self, exclude=None) -> None:
        """Left to the INSERT: asking the database first costs queries for every row."""
