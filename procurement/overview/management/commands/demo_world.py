"""`manage.py demo_world [--prepare]`: the demo world, made by driving the real system (domain.md §18)."""

import os

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from procurement import clock
from procurement.overview.demo import keys, organizations, people
from procurement.overview.demo.browser import Stopped
from procurement.reference.models import CalendarDay


class Command(BaseCommand):
    """First --prepare (before the servers start), then without it (against the running site)."""

    requires_system_checks = []  # ./run check does them; a second start takes seconds
    help = "建立演示数据：机构、人员、证书，并通过真实业务流程走通一条采购"

    def add_arguments(self, parser):
        parser.add_argument("--prepare", action="store_true", help="只建立机构、人员、证书和基础数据")

    def handle(self, *, prepare: bool, **options):
        if settings.PRODUCTION:
            raise CommandError("演示数据只能建在演示环境中")
        if "SOFTHSM2_CONF" not in os.environ:
            raise CommandError("请先设置 SOFTHSM2_CONF，以免写入本机的证书存储")
        if prepare:
            return self.prepare()
        try:
            self.walk()
        except Stopped as stopped:
            raise CommandError(f"演示流程未走通：{stopped}") from stopped

    def prepare(self) -> None:
        with transaction.atomic():
            places = organizations.create()
            organizations.create_contacts(places)
            users = people.create(places)
            call_command("load_reference", stdout=self.stdout)
            year = clock.today().year
            CalendarDay.objects.presume(year, year + 1)  # a demo at the year's end needs days to come
        made = keys.prepare(users, self.dot)
        self.stdout.write(f"\n机构 {len(places)} 个，人员 {len(users)} 人，新做证书 {made} 张")

    def dot(self, _name: str) -> None:
        self.stdout.write("·", ending="")
        self.stdout.flush()

    def walk(self) -> None:
        from procurement.overview.demo import path, report

        report.show(self.stdout, path.run(self.stdout))
