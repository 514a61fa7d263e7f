"""`manage.py import_quotas FILE` or `manage.py import_quotas --feed --year 2026`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from budgets.feed import FeedUnavailable, fetch
from budgets.imports import ImportRefused, from_feed, from_table, take_in
from budgets.models import QuotaImport
from budgets.tables import BadTable, read
from procurement import clock


class Command(BaseCommand):
    """Take in quotas from a file or from the finance feed."""

    help = "导入预算指标（xlsx、csv 文件，或预算管理一体化系统）"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--feed", action="store_true")
        parser.add_argument("--year", type=int)

    def handle(self, *, file, feed, year, **options):
        if (file is None) == (not feed):
            raise CommandError("请给出一个文件，或使用 --feed")
        try:
            self.stdout.write(str(self.pull(year) if feed else self.load(file)))
        except ImportRefused as refused:
            raise CommandError("\n".join([str(refused), *map(str, refused.faults)])) from None
        except (BadTable, FeedUnavailable) as broken:
            raise CommandError(str(broken)) from None

    def load(self, file: Path) -> QuotaImport:
        return take_in(from_table(read(file.name, file.read_bytes())), QuotaImport.Source.FILE, file.name)

    def pull(self, year: int | None) -> QuotaImport:
        year = year or clock.today().year
        return take_in(from_feed(fetch(year)), QuotaImport.Source.FEED, f"{year} 年度")
