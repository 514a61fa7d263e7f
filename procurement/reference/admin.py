"""Administration of the master data."""

import json

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path

from .models import BudgetClass, CalendarDay, CatalogueEdition, Category, FundNature, Sequence, Threshold


class CalendarForm(forms.Form):
    """A holiday-cn JSON file."""

    file = forms.FileField(label="日历文件", help_text="holiday-cn 格式的 JSON，一年一个文件，不超过 256 KB")

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > 256 * 1024:
            raise forms.ValidationError("文件超过 256 KB，不是一年的日历")
        try:
            return json.loads(upload.read().decode())
        except (ValueError, RecursionError):
            raise forms.ValidationError("文件不是有效的 JSON") from None


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):
    """Days, and the import of a year."""

    list_display = ["date", "is_workday", "name", "source"]
    list_filter = ["is_workday"]
    date_hierarchy = "date"
    change_list_template = "reference/calendar_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_year)
        return [path("import/", view, name="reference_calendarday_import"), *super().get_urls()]

    def import_year(self, request):
        if not self.has_add_permission(request) or not self.has_change_permission(request):
            raise PermissionDenied
        form = CalendarForm(request.POST or None, request.FILES or None)
        if form.is_valid() and self.loaded(request, form):
            return redirect("admin:reference_calendarday_changelist")
        context = {**self.admin_site.each_context(request), "form": form, "title": "导入工作日历"}
        return render(request, "reference/calendar_import.html", context)

    def loaded(self, request, form) -> bool:
        try:
            days = CalendarDay.objects.load_holiday_cn(form.cleaned_data["file"])
        except ValueError as error:
            form.add_error("file", str(error))
            return False
        messages.success(request, f"已导入 {days} 天")
        return True


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    """The catalogue."""

    list_display = ["code", "name", "edition", "level", "is_leaf", "central", "mall_allowed", "energy_saving"]
    list_filter = ["edition", "level", "central", "mall_allowed", "energy_saving", "environmental"]
    search_fields = ["code", "name", "initials"]
    list_select_related = ["edition"]


@admin.register(Threshold)
class ThresholdAdmin(admin.ModelAdmin):
    """Thresholds; the unverified ones stand out by their filter."""

    list_display = ["name", "procurement_type", "amount", "valid_from", "valid_to", "basis", "verified"]
    list_filter = ["verified", "procurement_type", "region_level"]
    search_fields = ["code", "name"]


@admin.register(BudgetClass)
class BudgetClassAdmin(admin.ModelAdmin):
    """Budget classes."""

    list_display = ["code", "name", "kind", "is_procurement", "is_active"]
    list_filter = ["kind", "is_procurement"]
    search_fields = ["code", "name"]


@admin.register(Sequence)
class SequenceAdmin(admin.ModelAdmin):
    """Number series, to look at only: numbers are given out by the papers."""

    list_display = ["scope", "region", "year", "last"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.register([CatalogueEdition, FundNature])
