"""The project's settings as the benches run them: the demo's (with pool), and short waits where asked for."""

import os

from procurement.settings import *  # noqa: F403

DECISION_SIGNATURES = False  # the floors they are measured against sign nothing either
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}
if os.environ.get("BENCH_NO_POOL"):  # W5's peer: Celery would tear a pool down after every task
    DATABASES["default"]["OPTIONS"].pop("pool", None)  # noqa: F405
    DATABASES["default"]["CONN_MAX_AGE"] = None  # noqa: F405
if os.environ.get("BENCH_SHORT_WAITS"):  # W5 under faults: nobody waits a minute for the second try
    OUTBOX_LEASE_SECONDS = 3
    OUTBOX_DELAYS = [0.2] * 7
    PORTAL_TIMEOUT = 0.5
