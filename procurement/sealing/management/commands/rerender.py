"""`manage.py rerender --check`: a paper drawn anew from its snapshot has the bytes that were signed."""

import hashlib

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from procurement.flow.snapshots import digest
from procurement.sealing import rendering
from procurement.sealing.models import SealedPaper


class Command(BaseCommand):
    """Nothing is written; what was drawn by other programs or sheets is counted, not compared."""

    help = "核对签章文件：快照、重新排版、已存文件三者是否与签章时一致"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", required=True, help="只核对，不写任何内容")
        parser.add_argument("numbers", nargs="*", help="只核对这些编号")

    def handle(self, *, numbers: list[str], **options):
        papers = SealedPaper.objects.exclude(pdf_sha256="").order_by("pk")
        if numbers:
            papers = papers.filter(number__in=numbers)
        wrong, other, seen = 0, 0, 0
        for paper in papers.iterator(chunk_size=50):
            seen += 1
            problems = list(self.problems(paper))
            wrong += bool(problems)
            other += paper.renderer != rendering.renderer()
            for problem in problems:
                self.stdout.write(f"{paper.number} 第 {paper.revision} 次：{problem}")
        self.stdout.write(f"共 {seen} 份，不一致 {wrong} 份，由其他版本排版、只核对快照和文件 {other} 份")
        if wrong:
            raise CommandError("有不一致的签章文件")

    def problems(self, paper: SealedPaper):
        """What does not hold of one paper, in words."""
        if digest(paper.snapshot) != paper.snapshot_sha256:
            yield "快照已被改动"
        if paper.file and sha256(stored(paper)) != paper.file_sha256:
            yield "文件缺失或已被改动"
        if paper.renderer == rendering.renderer() and sha256(rendering.render(paper)) != paper.pdf_sha256:
            yield "重新排版的结果与签章时不同"


def stored(paper: SealedPaper) -> bytes:
    if not default_storage.exists(paper.file.name):
        return b""
    with default_storage.open(paper.file.name) as file:
        return file.read()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
