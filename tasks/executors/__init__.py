"""The one interface to those who carry out task books; each executor is a channel of the outbox."""

from django.conf import settings

from procurement.flow.outbox import Delivery

from . import message

__all__ = ["available", "hand_over", "take_back"]


def available(book) -> bool:
    """Has its executor a system we talk to? Secret books travel on paper only."""
    return book.channel in settings.EXECUTORS and not book.is_secret


def hand_over(book) -> None:
    """Owe the book to its executor, in the transaction of the filing."""
    if available(book):
        Delivery.owe(book, book.channel, message.order(book))


def take_back(book) -> None:
    """Owe the executor the news that the book is revoked, in the transaction of the revocation."""
    if available(book):
        Delivery.owe(book, book.channel, message.withdrawal(book))
