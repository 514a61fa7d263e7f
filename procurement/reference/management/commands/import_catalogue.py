"""`manage.py import_catalogue FILE --edition 2022 --valid-from 2023-01-01`."""

import csv
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from procurement.reference.catalogue import load

COLUMNS = {"edition", "code", "name", "parent", "level"}


class Command(BaseCommand):
    """Load a whole edition of the 品目分类目录 from CSV."""

    help = "导入品目分类目录（CSV：edition,code,name,parent,level）"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", required=True)
        parser.add_argument("--valid-from", required=True, type=date.fromisoformat)

    def handle(self, *, file, edition, valid_from, **options):
        rows = [row for row in self.read(file) if row["edition"] == edition]
        if not rows:
            raise CommandError(f"文件中没有 {edition} 版的品目")
        for code, wanted, taken in load(edition, f"政府采购品目分类目录（{edition}年版）", valid_from, rows):
            self.stdout.write(f"{code} 的上级 {wanted} 不存在，已归入 {taken}")
        self.stdout.write(f"已导入 {len(rows)} 个品目")

    def read(self, file: Path) -> list[dict]:
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            if missing := COLUMNS - set(reader.fieldnames or []):
                raise CommandError(f"文件缺少列：{'、'.join(sorted(missing))}")
            return list(reader)
