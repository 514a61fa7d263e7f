"""What executors reported, in the administration: also what names no book of ours, which no page shows."""

from django.contrib import admin
from django.db.models import Q

from procurement.flow.admin import ReadOnlyAdmin

from .models import ExecutorEvent


@admin.register(ExecutorEvent)
class ExecutorEventAdmin(ReadOnlyAdmin):
    """The inbox, to look at; a contradiction is settled on its book's page."""

    list_display = ["arrived_at", "channel", "book_number", "kind", "verdict", "needs_person", "sentence"]
    list_filter = ["needs_person", "verdict", "channel", "kind"]
    search_fields = ["book_number", "event_id"]
    exclude = ["signatures"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(Q(book=None) | Q(book__is_secret=False))
