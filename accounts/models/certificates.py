"""CA certificates of people, the authorities we trust, and the record of every login."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class TrustedCA(models.Model):
    """A certificate authority whose certificates may log in; switching it off ends them all."""

    class Role(models.TextChoices):
        ANCHOR = "anchor", "信任锚（根）"
        INTERMEDIATE = "intermediate", "中间证书"

    class Policy(models.TextChoices):
        HARD = "hard", "必须查到吊销状态"
        GRACE = "grace", "吊销列表过期后宽限 4 小时"

    name = models.CharField("名称", max_length=200)
    certificate = models.TextField("证书（PEM）")
    sha256 = models.CharField("证书指纹", max_length=64, unique=True)
    role = models.CharField("角色", max_length=12, choices=Role, default=Role.ANCHOR)
    policy = models.CharField("吊销策略", max_length=8, choices=Policy, default=Policy.HARD)
    crl_url = models.URLField("吊销列表地址", blank=True)
    enabled = models.BooleanField("启用", default=True)
    not_after = models.DateTimeField("有效期至")

    class Meta:
        verbose_name = verbose_name_plural = "受信任的颁发机构"
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class RevocationList(models.Model):
    """The newest certificate revocation list taken in from one authority."""

    ca = models.OneToOneField(
        TrustedCA, models.PROTECT, related_name="revocation_list", verbose_name="颁发机构"
    )
    number = models.DecimalField("编号", max_digits=50, decimal_places=0)
    this_update = models.DateTimeField("签发时间")
    next_update = models.DateTimeField("下次更新")
    sha256 = models.CharField("指纹", max_length=64)
    imported_at = models.DateTimeField("导入时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "吊销列表"

    def __str__(self):
        return f"{self.ca} 第 {self.number} 号"


class RevocationFile(models.Model):
    """The newest list of an authority as it came: what is handed over as evidence, never read at a login."""

    ca = models.OneToOneField(
        TrustedCA, models.PROTECT, related_name="revocation_file", verbose_name="颁发机构"
    )
    content = models.BinaryField("吊销列表")

    class Meta:
        verbose_name = verbose_name_plural = "吊销列表文件"

    def __str__(self):
        return str(self.ca)


class RevokedSerial(models.Model):
    """One serial number an authority has revoked; a row, so that the check is one index look-up."""

    ca = models.ForeignKey(TrustedCA, models.PROTECT, related_name="revoked_serials", verbose_name="颁发机构")
    serial = models.CharField("序列号", max_length=42)
    revoked_at = models.DateTimeField("吊销时间")
    reason = models.CharField("原因", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "已吊销序列号"
        constraints = [models.UniqueConstraint("ca", "serial", name="revoked_serial_once")]

    def __str__(self):
        return self.serial


class UserCertificate(models.Model):
    """The binding of one certificate to one user; an administrator makes it, never a name match."""

    class Status(models.TextChoices):
        PENDING = "pending", "待绑定"
        ACTIVE = "active", "有效"
        SUSPENDED = "suspended", "暂停"
        REVOKED = "revoked", "注销"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="certificates",
        verbose_name="用户",
    )  # fmt: skip
    certificate = models.TextField("证书（PEM）")
    sha256 = models.CharField("证书指纹", max_length=64, unique=True)
    issuer_spki_sha256 = models.CharField("颁发者公钥指纹", max_length=64)
    serial = models.CharField("序列号", max_length=42)
    common_name = models.CharField("持有人", max_length=200, blank=True)
    organization = models.CharField("证书单位", max_length=200, blank=True)
    issuer = models.CharField("颁发机构", max_length=200, blank=True)
    subject = models.TextField("主体", blank=True)
    not_before = models.DateTimeField("有效期自")
    not_after = models.DateTimeField("有效期至")
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.PENDING)
    reference = models.CharField("登记码", max_length=12, unique=True)
    bound_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="绑定人",
    )  # fmt: skip
    bound_at = models.DateTimeField("绑定时间", null=True, blank=True)
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "用户证书"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "issuer_spki_sha256", "serial", name="certificate_serial_once_per_issuer"
            ),
            models.CheckConstraint(
                condition=Q(status="pending") | Q(user__isnull=False, bound_at__isnull=False),
                name="bound_certificate_has_user",
            ),
        ]

    def __str__(self):
        return f"{self.common_name} {self.serial[-8:]}"


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are written once; the database trigger of the migration says the same."""

    def update(self, **values):
        raise TypeError("append-only")

    def delete(self):
        raise TypeError("append-only")


class CertificateEvent(models.Model):
    """What happened to a binding, who did it and when; never changed."""

    class Kind(models.TextChoices):
        REQUESTED = "requested", "申请登记"
        BOUND = "bound", "绑定"
        SUSPENDED = "suspended", "暂停"
        RESUMED = "resumed", "恢复"
        REVOKED = "revoked", "注销"

    certificate = models.ForeignKey(
        UserCertificate, models.PROTECT, related_name="events", verbose_name="证书"
    )
    kind = models.CharField("事项", max_length=12, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="操作人",
    )  # fmt: skip
    at = models.DateTimeField("时间", default=timezone.now)
    detail = models.CharField("说明", max_length=200, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "证书事件"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.certificate} {self.get_kind_display()}"


class LoginChallenge(models.Model):
    """A nonce that is out; deleting the row is what consumes it, so a second use finds nothing."""

    digest = models.CharField(max_length=64, primary_key=True)
    session_hash = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=12)
    origin = models.CharField(max_length=200)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录质询"

    def __str__(self):
        return self.digest[:8]


class CertificateSession(models.Model):
    """One browser session opened with a certificate: its end, its last sign of life."""

    session_hash = models.CharField(max_length=64, primary_key=True)
    certificate = models.ForeignKey(UserCertificate, models.PROTECT, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "证书会话"

    def __str__(self):
        return self.session_hash[:8]


class LoginLog(models.Model):
    """Every login that was tried, with the exact code the page does not tell."""

    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="用户",
    )  # fmt: skip
    method = models.CharField("方式", max_length=12, default="cakey")
    code = models.CharField("结果", max_length=40)
    sha256 = models.CharField("证书指纹", max_length=64, blank=True)
    reference = models.CharField("参考号", max_length=12, blank=True)
    address = models.GenericIPAddressField("网络地址", null=True)
    browser = models.CharField("浏览器会话", max_length=16, blank=True)
    detail = models.CharField("说明", max_length=200, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登录日志"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["address", "at"], name="login_log_by_address"),
            models.Index(fields=["browser", "at"], name="login_log_by_browser"),
        ]

    def __str__(self):
        return f"{self.at:%F %T} {self.code}"


class BreakGlass(models.Model):
    """A one-time password of an administrator, made at the server's console for emergencies."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "应急登录"

    def __str__(self):
        return f"{self.user} {self.created_at:%F %T}"
