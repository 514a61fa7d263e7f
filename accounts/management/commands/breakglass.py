"""`manage.py breakglass USERNAME`: the only login without a certificate, for administrators, once."""

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.cakey import emergency
from accounts.models import User


class Command(BaseCommand):
    """Prints a one-time password and where to type it; loudly logged."""

    help = "Make a one-time password for an administrator whose certificate cannot be used."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--minutes", type=int, default=10, choices=range(1, 61), metavar="1..60")

    def handle(self, username, minutes, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户 {username}")
        try:
            password = emergency.make(user, minutes)
        except ValueError as error:
            raise CommandError(f"{username} 不是在用的系统管理员，不能应急登录") from error
        self.stdout.write(f"地址 {reverse('breakglass')}\n一次性口令 {password}")
        self.stdout.write(f"{minutes} 分钟内有效，只能用一次，已记入日志。")
