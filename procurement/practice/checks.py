"""The server does not start in production with anything of the practice mode switched on."""

from django.conf import settings
from django.core.checks import Error, Tags, register

DAY = "practice-day"


@register(Tags.security)
def check_practice(app_configs=None, **kwargs) -> list[Error]:
    """practice.E001 the mode itself, E002 its clock."""
    if settings.MODE != "production":
        return []
    found = []
    if settings.PRACTICE:
        found.append(
            Error("PRACTICE: practice mode is for the demo, never for production.", id="practice.E001")
        )
    if DAY in settings.CELERY_BEAT_SCHEDULE:
        found.append(Error(f"{DAY}: in production a day lasts a day.", id="practice.E002"))
    return found
