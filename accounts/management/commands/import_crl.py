"""`manage.py import_crl SHA256 FILE`: take in a revocation list brought by hand."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.cakey.errors import CAKeyError
from accounts.cakey.trust import import_crl
from accounts.models import TrustedCA


class Command(BaseCommand):
    """Signature, issuer, number and dates are checked as for a fetched list."""

    help = "Import a revocation list (DER or PEM) of a trusted authority."

    def add_arguments(self, parser):
        parser.add_argument("sha256", help="beginning of the authority's fingerprint")
        parser.add_argument("file", type=Path)

    def handle(self, sha256, file, **options):
        found = list(TrustedCA.objects.filter(sha256__startswith=sha256.lower())[:2])
        if len(found) != 1:
            raise CommandError("指纹没有唯一对应的颁发机构")
        try:
            stored = import_crl(found[0], file.read_bytes(), timezone.now())
        except (CAKeyError, OSError) as error:
            raise CommandError(f"吊销列表未导入：{error}") from error
        self.stdout.write(
            f"{stored}，共 {found[0].revoked_serials.count()} 条，下次更新 {stored.next_update:%F %T}"
        )
