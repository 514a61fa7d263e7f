"""`manage.py export_evidence KIND PK FOLDER`: a paper's signed decisions, for OpenSSL alone."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from procurement.flow import evidence
from procurement.flow.kinds import kinds


class Command(BaseCommand):
    """For whoever must judge a decision without access to, or trust in, this system."""

    help = "导出一份单据的业务签名和核验办法"

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=sorted(kinds()), metavar="KIND")
        parser.add_argument("pk", type=int)
        parser.add_argument("folder", type=Path)

    def handle(self, *, kind, pk, folder, **options):
        paper = kinds()[kind].objects.filter(pk=pk).first()
        if paper is None or not paper.moves.exists():
            raise CommandError(f"没有办理过的单据 {kind}:{pk}")
        try:
            count = evidence.export(paper, folder)
        except OSError as error:
            raise CommandError(f"不能写入 {folder}，请给一个新的或空的文件夹：{error}") from error
        self.stdout.write(f"{paper.number} 的 {count} 个业务签名已导出到 {folder}，核验办法见 README.txt")
