"""The register in the administration: to look at; corrections are the procurement office's business."""

from django.contrib import admin

from budgets.admin import ReadOnly

from .models import FormerName, Supplier


class FormerNameInline(admin.TabularInline):
    """The names it used to bear."""

    model = FormerName
    extra = 0
    can_delete = False
    fields = readonly_fields = ["name", "until", "by"]

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Supplier)
class SupplierAdmin(ReadOnly):
    """Suppliers."""

    list_display = ["name", "uscc", "region", "size", "special", "created_by", "created_at"]
    list_filter = ["size", "special", "investment"]
    list_select_related = ["created_by"]
    search_fields = ["name", "uscc", "former_names__name"]
    inlines = [FormerNameInline]
