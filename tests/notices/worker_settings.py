"""Settings of the workers the tests start: short leases, quick sweeps."""

import os

from procurement.settings import *  # noqa: F403

OUTBOX_LEASE_SECONDS = 3
OUTBOX_DELAYS = [0.2] * 60  # a starved machine must not run out of tries
PORTAL_TIMEOUT = EXECUTOR_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": os.environ["TEST_BROKER_PREFIX"]}
CELERY_BEAT_SCHEDULE = {"sweep-outbox": {"task": "notices.jobs.sweep", "schedule": 0.5}}
ROOT_URLCONF = "notices.urls"  # a worker serves no pages; loading fewer of them boots faster
