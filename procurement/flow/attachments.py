"""Files that belong to a paper: sniffed, hashed, limited, every download on record (domain.md §3.1)."""

import hashlib
import uuid
import zipfile

import filetype
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Sum

from accounts.models import User
from procurement import clock

FOLDER = "attachments"
FILE_LIMIT = 20 * 2**20
PAPER_LIMIT = 100 * 2**20
KINDS = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
    "zip": "application/zip",
}
ALLOWED = "、".join(KINDS)
ZIPPED = {"ofd": "OFD.xml", "docx": "word/", "xlsx": "xl/"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def stored_at(attachment: "Attachment", name: str) -> str:
    """A random path: the user's file name never reaches the disk."""
    return f"{FOLDER}/{clock.today():%Y/%m}/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """One file of one paper, as it was uploaded."""

    document = models.ForeignKey("flow.Document", models.PROTECT, related_name="attachments")
    category = models.CharField("类别", max_length=30)
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=stored_at)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("摘要", max_length=64)
    mime = models.CharField("格式", max_length=100)
    is_public = models.BooleanField("随公告公开", default=False)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_public=False) | models.Q(mime__in=[KINDS["pdf"], KINDS["ofd"]]),
                name="public_files_are_pdf_or_ofd",
            )
        ]

    def __str__(self):
        return self.name

    @classmethod
    @transaction.atomic
    def receive(cls, document, upload, category: str, by: User) -> "Attachment":
        """Check and store one upload; ValidationError says what is wrong with it."""
        mime = sniff(upload)
        used = document.attachments.aggregate(total=Sum("size"))["total"] or 0
        if used + upload.size > PAPER_LIMIT:
            raise ValidationError(f"一份单据的附件合计不能超过 100 MB，现已有 {used / 2**20:.1f} MB。")
        sha256 = hashlib.sha256()
        for chunk in upload.chunks():
            sha256.update(chunk)
        return cls.objects.create(
            document=document, category=category, name=clean_name(upload.name), file=upload,
            size=upload.size, sha256=sha256.hexdigest(), mime=mime, uploaded_by=by,
        )  # fmt: skip


class Download(models.Model):
    """Who took which file, when."""

    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="downloads")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "附件下载记录"
        default_permissions = ("view",)


def clean_name(name: str) -> str:
    """The user's file name, without folders, control and direction characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return (
        "".join(char for char in base if char.isprintable() and char not in "\u202a\u202b\u202d\u202e")[-200:]
        or "未命名"
    )


def sniff(upload) -> str:
    """The MIME type by name and content, which must agree; ValidationError otherwise."""
    suffix = upload.name.rsplit(".", 1)[-1].lower().replace("jpeg", "jpg") if "." in upload.name else ""
    if suffix not in KINDS:
        raise ValidationError(f"“{clean_name(upload.name)}”不是可上传的格式，请上传 {ALLOWED} 文件。")
    if upload.size == 0:
        raise ValidationError(f"“{clean_name(upload.name)}”是空文件，请重新选择。")
    if upload.size > FILE_LIMIT:
        raise ValidationError(
            f"“{clean_name(upload.name)}”有 {upload.size / 2**20:.1f} MB，单个文件不能超过 20 MB。"
        )
    if not looks_like(suffix, upload):
        raise ValidationError(
            f"“{clean_name(upload.name)}”的内容与扩展名 .{suffix} 不符，请确认文件没有改名或损坏。"
        )
    return KINDS[suffix]


def looks_like(suffix: str, upload) -> bool:
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    if suffix == "pdf":
        return head.startswith(b"%PDF-")
    if suffix in ("doc", "xls"):
        return head.startswith(OLD_OFFICE)
    if suffix in ZIPPED:
        return holds_entry(upload, ZIPPED[suffix])
    if suffix == "zip":
        return holds_entry(upload, "")
    return getattr(filetype.guess(head), "extension", "") == suffix


def holds_entry(upload, wanted: str) -> bool:
    """Whether a zip container has an entry of that name; its contents are not unpacked."""
    try:
        with zipfile.ZipFile(upload) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    finally:
        upload.seek(0)
    return any(name.startswith(wanted) for name in names)
