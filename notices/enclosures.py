"""附件: what goes out with a notice: named in its body by hash, sent ahead of it; nothing else leaves."""

import hashlib
import json

from procurement.flow.attachments import Attachment

PUBLIC_MIMES = ("application/pdf", "application/ofd")  # what may be published (domain.md §3.1)


def release(document, category: str) -> list[dict]:
    """Make the papers of one category public, in the transaction of the decision; as the body names them."""
    files = document.attachments.filter(category=category, mime__in=PUBLIC_MIMES)
    files.update(is_public=True)
    return [
        {"name": file.name, "size": file.size, "mime": file.mime, "sha256": file.sha256}
        for file in files.order_by("pk")
    ]


def named(body: dict) -> list[dict]:
    """The attachments a body names, whoever wrote it."""
    data = body.get("data")
    files = data.get("attachments") if isinstance(data, dict) else None
    return [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []


def hashes(content: bytes) -> list[str]:
    """Of the attachments of a notice as it is sent, each once."""
    if b'"attachments":[' not in content:  # most have none: nothing to parse
        return []
    return list(dict.fromkeys(file["sha256"] for file in named(json.loads(content))))


def read(sha256: str) -> bytes | None:
    """A public paper with exactly this content; None when it is gone or damaged."""
    row = Attachment.objects.filter(is_public=True, sha256=sha256).order_by("pk").first()
    try:
        content = row.file.read() if row else b""
    except OSError:
        return None
    finally:
        if row:
            row.file.close()
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
