"""Is the certificate a plan would be submitted with still good? (电子签名法第十三条)"""

from accounts.models import User, UserCertificate
from procurement import clock


def expired(acting: tuple[User, str] | None) -> bool | None:
    """Of the session's certificate, else of all the person has; None where nothing is known of any."""
    if acting is None:
        return None
    person, fingerprint = acting
    held = UserCertificate.objects.filter(user=person, status=UserCertificate.Status.ACTIVE)
    if fingerprint:
        held = held.filter(sha256=fingerprint)
    ends = list(held.values_list("not_after", flat=True))
    return max(ends) <= clock.now() if ends else None
