"""Papers in the administration: to look at, never to touch (domain.md §2.2)."""

from django.contrib import admin

from .models import Attachment, Delivery, Document, Download, Move


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nobody adds, changes or deletes business rows here, not even a superuser."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Where papers lie; an administrator sees the docket, not the content."""

    list_display = ["number", "title", "kind", "unit", "fiscal_year", "state", "desk_since", "clerk"]
    list_filter = ["kind", "state", "fiscal_year"]
    list_select_related = ["unit", "clerk"]
    search_fields = ["number", "title"]
    fields = [
        "kind", "number", "title", "unit", "division", "office", "fiscal_year", "state", "clerk",
        "submitted_by", "submitted_at", "desk_since", "version", "case", "head",
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).filter(submitted_at__isnull=False, is_secret=False)


@admin.register(Move)
class MoveAdmin(ReadOnlyAdmin):
    """The chain of moves without the opinions, which belong to the papers' participants."""

    list_display = ["at", "document", "verb", "source", "target", "by", "post", "organization"]
    list_filter = ["verb", "post"]
    list_select_related = ["document", "by", "organization"]
    search_fields = ["document__number"]
    fields = [
        "document", "verb", "source", "target", "by", "post", "organization", "at", "key",
        "content_sha256", "previous", "sha256",
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).filter(document__is_secret=False).defer("snapshot")


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """Which files there are; the files themselves are read on their paper's page only."""

    list_display = ["name", "document", "category", "size", "mime", "uploaded_by", "uploaded_at"]
    list_select_related = ["document", "uploaded_by"]
    search_fields = ["name", "document__number"]
    exclude = ["file"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(document__is_secret=False)


@admin.register(Download)
class DownloadAdmin(ReadOnlyAdmin):
    """Who took which file."""

    list_display = ["at", "by", "attachment"]
    list_select_related = ["by", "attachment"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What is owed to the outside, and what went wrong with it."""

    list_display = ["key", "channel", "state", "attempts", "next_at", "sent_at", "last_error"]
    list_filter = ["channel", "state"]
    search_fields = ["key", "document__number"]
    exclude = ["document_secret"]
