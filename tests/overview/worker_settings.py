"""Worker and beat of the demo's test: the real sweeps, so that a late message loses nothing."""

from procurement import settings
from tests.notices.worker_settings import *  # noqa: F403

CELERY_BEAT_SCHEDULE = {
    name: entry for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if entry["schedule"] == 5.0
}
