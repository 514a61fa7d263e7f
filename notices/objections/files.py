"""Papers of strangers: PDF only, few, small, under random names, in a folder of their own."""

import hashlib
import uuid

from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.http import FileResponse
from django.utils import timezone

from procurement.flow.attachments import clean_name, sniff

FOLDER = "objections"
PUBLIC = "/notices/public/"  # the only pages where somebody without a login may send anything
MOST = 3
LIMIT = 5 * 2**20
TOTAL = MOST * LIMIT
RULE = f"只收 PDF，最多 {MOST} 个，每个不超过 {LIMIT // 2**20} MB"


def stored_at(row, name: str) -> str:
    """A random path: the sender's file name never reaches the disk."""
    return f"{FOLDER}/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}"


def checked(uploads: list) -> list:
    """ValidationError says what is wrong with them."""
    if len(uploads) > MOST:
        raise ValidationError(f"最多上传 {MOST} 个文件，请合并后再传。")
    for upload in uploads:
        if upload.size > LIMIT:
            raise ValidationError(f"“{clean_name(upload.name)}”超过 {LIMIT // 2**20} MB，请压缩后再传。")
        if sniff(upload) != "application/pdf":
            raise ValidationError(f"“{clean_name(upload.name)}”不是 PDF 文件，请转换后再传。")
    return uploads


def sha256(upload) -> str:
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()


def download(row) -> FileResponse:
    """A PDF or OFD as a download, never opened in our origin."""
    response = FileResponse(row.file.open(), as_attachment=True, filename=row.name)
    response["Content-Type"] = getattr(row, "mime", "application/pdf")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


class Ceiling(FileUploadHandler):
    """What is sent beyond the limit is read and dropped: neither memory nor disk fills."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.watched, self.seen = self.request.path_info.startswith(PUBLIC), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """One chunk past the limit still passes, so that the form sees that there was too much."""
        spent, self.seen = self.seen, self.seen + len(raw_data)
        return None if self.watched and (start > LIMIT or spent > TOTAL) else raw_data

    def file_complete(self, file_size: int) -> None:
        return None
