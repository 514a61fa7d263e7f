"""供应商登记: who sells to units, written once and copied into every contract (domain.md §15.1)."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from accounts.creditcode import ALPHABET, validate_credit_code
from accounts.models import User
from procurement import clock

from .choices import Country, Investment, Size, Special

CODE = f"^[{ALPHABET}]{{18}}$"


def text(label: str, length: int, **options) -> models.CharField:
    return models.CharField(label, max_length=length, **{"blank": True, **options})


def chosen(label: str, choices, default: str = "") -> models.CharField:
    return models.CharField(label, max_length=2, choices=choices, default=default, blank=not default)


def tidy_code(code: str) -> str:
    """A credit code as typed: full-width digits, small letters and spaces do not matter."""
    return re.sub(r"[\s\x00-]+", "", unicodedata.normalize("NFKC", code)).upper()


def tidy_name(name: str) -> str:
    """A name as registered: no idle spaces; 有限公司(合肥) and 有限公司（合肥） are one."""
    words = name.replace("\x00", "").split()
    if name.isascii():
        return " ".join(words)
    return "".join(words).replace("(", "（").replace(")", "）")


class SupplierQuerySet(models.QuerySet):
    """How the register is read, and the one way a contract writes to it."""

    def matching(self, words: str) -> "SupplierQuerySet":
        """By the head of the credit code, by its name or by one it used to bear."""
        words = words.replace("\x00", "").strip()
        if not words:
            return self
        borne = FormerName.objects.filter(supplier=OuterRef("pk"), name__icontains=words)
        by_code = Q(uscc__startswith=tidy_code(words)) if tidy_code(words) else Q()
        return self.filter(by_code | Q(name__icontains=tidy_name(words)) | Q(Exists(borne)))

    def remember(self, uscc: str, name: str, by: User, **details) -> "Supplier":
        """The row of that code, made if there is none; two at once get the same row.

        What the register already says stays: a contract keeps its own copy, and corrections are the
        procurement office's. Raises ValidationError on a wrong code or an empty name.
        """
        uscc, name = tidy_code(uscc), tidy_name(name)
        if found := self.filter(uscc=uscc).first():
            return found
        fresh = Supplier(uscc=uscc, name=name, created_by=by, **details)
        fresh.clean_fields(exclude=["created_by"])
        fresh.clean()
        values = {name: getattr(fresh, name) for name in COPIED}
        return self.get_or_create(uscc=uscc, defaults={**values, "created_by": by})[0]


class Supplier(models.Model):
    """One supplier, known by its credit code for ever, by its name for a time."""

    name = text("供应商名称", 200, blank=False)
    uscc = text(
        "统一社会信用代码", 18, blank=False, unique=True, validators=[validate_credit_code],
        error_messages={"unique": "这个统一社会信用代码已经登记，请直接选用。"},
    )  # fmt: skip
    representative = text("法定代表人", 40)
    address = text("地址", 200)
    phone = text("联系电话", 40)
    region = text("行政区域", 60)
    size = chosen("企业规模", Size, Size.OTHER)
    special = chosen("特殊性质", Special, Special.OTHER)
    investment = chosen("外商投资类型", Investment, Investment.DOMESTIC)
    country = chosen("外资国别", Country)
    account_name = text("账户名称", 200)
    bank = text("开户银行", 100)
    bank_no = text("联行号", 20)
    account = text("银行账号", 40)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间", default=clock.now)
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "供应商"
        default_permissions = ("view", "change")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["name"], name="suppliers_by_name")]
        constraints = [
            models.CheckConstraint(condition=Q(uscc__regex=CODE), name="supplier_code_well_formed"),
            models.CheckConstraint(
                condition=Q(country="") | ~Q(investment=Investment.DOMESTIC),
                name="supplier_country_of_foreign_only",
                violation_error_message="内资企业不填外资国别。",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.investment == Investment.DOMESTIC and self.country:
            raise ValidationError({"country": "内资企业不填外资国别。"})
        if self.investment != Investment.DOMESTIC and not self.country:
            raise ValidationError({"country": "有外资的请选择外资国别。"})

    @property
    def card(self) -> dict[str, str]:
        """What a contract copies: everything but who wrote it when."""
        return {name: getattr(self, name) for name in COPIED}

    @transaction.atomic
    def rename(self, name: str, by: User) -> None:
        """The old name is kept with the day it ended; contracts keep the name they were signed under."""
        name = tidy_name(name)
        old = Supplier.objects.select_for_update().get(pk=self.pk).name
        if old != name:
            FormerName.objects.create(supplier=self, name=old, by=by)
            self.name = name
            self.save(update_fields=["name", "changed_at"])


COPIED = (
    "name", "uscc", "representative", "address", "phone", "region", "size", "special", "investment",
    "country", "account_name", "bank", "bank_no", "account",
)  # fmt: skip


class FormerName(models.Model):
    """曾用名: a name a supplier bore until a day."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="former_names", verbose_name="供应商")
    name = text("曾用名", 200, blank=False)
    until = models.DateTimeField("使用至", default=clock.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "曾用名"
        default_permissions = ("view",)
        ordering = ["-until", "-pk"]

    def __str__(self):
        return self.name
