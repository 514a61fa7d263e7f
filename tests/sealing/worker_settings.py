"""Settings of the workers the tests start: short leases, quick sweeps."""

import os

from procurement.settings import *  # noqa: F403

OUTBOX_LEASE_SECONDS = 2
OUTBOX_DELAYS = [0.2] * 60  # a starved machine must not run out of tries
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": os.environ.get("TEST_BROKER_PREFIX", "")}
CELERY_BEAT_SCHEDULE = {
    "draw": {"task": "procurement.sealing.jobs.render", "schedule": 0.5},
    "seal": {"task": "procurement.sealing.jobs.sign", "schedule": 0.5},
}
CELERY_TASK_ROUTES = {"procurement.sealing.jobs.*": {"queue": "hsm"}}  # one worker does both here
CELERY_IMPORTS = ["tests.sealing.trial"]
