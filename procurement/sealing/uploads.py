"""What an anonymous visitor sends beyond the limit is read and dropped: neither memory nor disk fills."""

from django.core.files.uploadhandler import FileUploadHandler
from django.urls import reverse

from .forms import LIMIT


class Ceiling(FileUploadHandler):
    """Stands first in FILE_UPLOAD_HANDLERS; elsewhere than on the public page it lets everything through."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.watched = self.request.path_info == reverse("verify")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """One chunk past the limit still passes, so that the form sees that there was too much."""
        return None if self.watched and start > LIMIT else raw_data

    def file_complete(self, file_size: int) -> None:
        return None
