"""`manage.py verify_signatures --all | --subject NAME:ID`: every decision signature again, offline."""

from django.core.management.base import BaseCommand, CommandError

from accounts.cakey import trust
from accounts.cakey.decisions import fault_of
from accounts.models import DecisionSignature


class Command(BaseCommand):
    """Signature, content, certificate path at the time of signing, and the chain of each paper."""

    help = "重新核验业务签名（不联网）"

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="全部")
        which.add_argument("--subject", help="一份单据，如 budgetentry:17")

    def handle(self, *, subject, **options):
        rows = DecisionSignature.objects.select_related("certificate").order_by("pk")
        if subject:
            rows = rows.filter(subject=subject)
        authorities, last, count, broken = trust.trusted(), {}, 0, []
        for row in rows.iterator():
            fault = fault_of(row, last.get(row.subject, ""), authorities)
            last[row.subject] = row.sha256
            count += 1
            if fault:
                broken.append(f"{row.pk} {row}: {fault}")
        if broken:
            raise CommandError("签名核验未通过：\n" + "\n".join(broken))
        self.stdout.write(f"已核验 {count} 个业务签名，全部有效")
