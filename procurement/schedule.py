"""What the clock starts: sweeps that mend what a killed worker or a lost message left; checks by night."""

from celery.schedules import crontab

SCHEDULE = {
    "sweep-outbox": {"task": "notices.jobs.sweep", "schedule": 5.0},
    "order-papers": {
        "task": "procurement.sealing.jobs.order_published",
        "schedule": 5.0,
        "options": {"expires": 60},
    },
    "draw-papers": {
        "task": "procurement.sealing.jobs.render",
        "schedule": 5.0,
        "options": {"expires": 60},
    },
    "seal-papers": {"task": "procurement.sealing.jobs.sign", "schedule": 5.0, "options": {"expires": 60}},
    "check-portal": {  # resumes what was killed or met a portal that was down
        "task": "notices.workbench.inspect",
        "schedule": crontab(hour="1-5", minute="*/10"),
        "options": {"expires": 600},
    },
    "pull-quotas": {"task": "budgets.jobs.pull_quotas", "schedule": crontab(hour=6, minute=0)},
    "verify-ledger": {"task": "budgets.jobs.verify_ledger", "schedule": crontab(hour=2, minute=0)},
    "roll-over": {"task": "budgets.carryover.jobs.roll_over", "schedule": 300.0},
    "close-years": {"task": "budgets.carryover.jobs.close_years", "schedule": 900.0},
    "sweep-drafts": {"task": "procurement.flow.jobs.sweep_drafts", "schedule": crontab(hour=3, minute=0)},
    "settle-publicity": {
        "task": "notices.single.jobs.settle_all",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "sweep-objection-files": {
        "task": "notices.objections.jobs.sweep_files",
        "schedule": crontab(hour=3, minute=40),
    },
    "sweep-files": {"task": "procurement.flow.jobs.sweep_files", "schedule": crontab(hour=3, minute=30)},
    "sweep-withdrawn-papers": {
        "task": "procurement.sealing.jobs.sweep",
        "schedule": crontab(hour=3, minute=45),
    },
    "order-missed-papers": {
        "task": "procurement.sealing.jobs.order_missed",
        "schedule": crontab(hour=3, minute=50),
    },
    "refresh-revocation-lists": {"task": "accounts.jobs.refresh_crls", "schedule": 900.0},
}
MINUTE = 60.0
PRACTISED = {  # practice mode: the day lasts a minute, and with it what each day brings
    "practice-day": {"task": "procurement.practice.jobs.pass_day", "schedule": MINUTE},
    **{name: SCHEDULE[name] | {"schedule": MINUTE} for name in ("pull-quotas", "roll-over", "close-years")},
}


def relays(channels) -> dict:
    """Every executor has a relay of its own."""
    return {
        f"sweep-{channel}": {
            "task": f"tasks.jobs.relay_{channel}",
            "schedule": 5.0,
            "options": {"expires": 5},
        }
        for channel in channels
    }
