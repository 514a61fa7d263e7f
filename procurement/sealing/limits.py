"""The rate limit of the public page: checks that found nothing, by address."""

from datetime import timedelta

from django.utils import timezone

from accounts.cakey.entry import client_address

from .models import VerifyAttempt

WINDOW = timedelta(minutes=10)
MOST = 30  # an office behind one address mistypes a few; the code itself cannot be guessed (59 bits)


def exhausted(request) -> bool:
    recent = VerifyAttempt.objects.filter(at__gte=timezone.now() - WINDOW, address=client_address(request))
    return recent[:MOST].count() >= MOST


def failed(request) -> None:
    VerifyAttempt.objects.create(address=client_address(request))
    VerifyAttempt.objects.filter(at__lt=timezone.now() - WINDOW).delete()
