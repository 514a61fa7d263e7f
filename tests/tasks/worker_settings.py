"""Settings of the workers these tests start: short leases, quick sweeps."""

import os

from procurement.settings import *  # noqa: F403

OUTBOX_LEASE_SECONDS = 3
OUTBOX_DELAYS = [0.2] * 60  # a starved machine must not run out of tries
EXECUTOR_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": os.environ["TEST_BROKER_PREFIX"]}
CELERY_BEAT_SCHEDULE = {"sweep-huicai": {"task": "tasks.jobs.relay_huicai", "schedule": 0.5}}
