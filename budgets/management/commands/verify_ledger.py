"""`manage.py verify_ledger`: exits 1 and names the first bad row when a balance is not its sum."""

from django.core.management.base import BaseCommand, CommandError

from budgets.models import LedgerEntry, Quota
from budgets.verification import problems


class Command(BaseCommand):
    """Prove the balances."""

    help = "核对资金流水与余额"

    def handle(self, **options):
        found = list(problems())
        if found:
            raise CommandError(f"{found[0]}（共 {len(found)} 处）", returncode=1)
        self.stdout.write(f"核对一致：{Quota.objects.count()} 条指标，{LedgerEntry.objects.count()} 笔流水")
