"""Administration of certificates: approve, suspend, revoke; every step leaves an event."""

from django.contrib import admin, messages
from django.db import models

from accounts.models import (
    BreakGlass,
    CertificateEvent,
    LoginLog,
    RevocationList,
    TrustedCA,
    UserCertificate,
)

from . import bindings
from . import checks as checks  # registers the system checks

Status = UserCertificate.Status


class ReadOnly:
    """Rows that are made by the program and only looked at here."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class Events(ReadOnly, admin.TabularInline):
    """The history of one certificate."""

    model = CertificateEvent
    fields = ["at", "kind", "by", "detail"]
    extra = 0


@admin.register(UserCertificate)
class UserCertificateAdmin(admin.ModelAdmin):
    """Choose the user of a pending certificate and save, then approve it; nothing else is editable."""

    list_display = ["reference", "common_name", "organization", "user", "status", "not_after", "serial"]
    list_filter = ["status"]
    search_fields = ["reference", "common_name", "organization", "serial", "user__username", "user__name"]
    autocomplete_fields = ["user"]
    list_select_related = ["user"]
    inlines = [Events]
    actions = ["approve", "suspend", "resume", "revoke"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        """The user may be chosen while the binding is pending, and never after."""
        names = [field.name for field in UserCertificate._meta.fields]
        return [name for name in names if name != "user" or obj is None or obj.status != Status.PENDING]

    @admin.action(description="批准绑定（须先选好用户）")
    def approve(self, request, queryset):
        ready = queryset.filter(status=Status.PENDING, user__isnull=False)
        self._apply(request, queryset, ready, lambda row: bindings.approve(row, row.user, by=request.user))

    @admin.action(description="暂停")
    def suspend(self, request, queryset):
        ready = queryset.filter(status=Status.ACTIVE)
        self._apply(request, queryset, ready, lambda row: bindings.suspend(row, by=request.user))

    @admin.action(description="恢复")
    def resume(self, request, queryset):
        ready = queryset.filter(status=Status.SUSPENDED)
        self._apply(request, queryset, ready, lambda row: bindings.resume(row, by=request.user))

    @admin.action(description="注销（不能恢复）")
    def revoke(self, request, queryset):
        ready = queryset.filter(status__in=[Status.ACTIVE, Status.SUSPENDED])
        self._apply(request, queryset, ready, lambda row: bindings.revoke(row, by=request.user))

    def _apply(self, request, chosen, ready, change):
        total, done = chosen.count(), [change(row) for row in ready]
        if done:
            self.message_user(request, f"已处理 {len(done)} 张证书。")
        if total > len(done):
            self.message_user(request, f"{total - len(done)} 张证书状态不符，未处理。", messages.WARNING)


@admin.register(TrustedCA)
class TrustedCAAdmin(admin.ModelAdmin):
    """Switching an authority off ends every login with its certificates."""

    list_display = ["name", "role", "policy", "enabled", "not_after"]
    readonly_fields = ["sha256", "certificate", "not_after"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # Django 6's default, said today

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(RevocationList)
class RevocationListAdmin(ReadOnly, admin.ModelAdmin):
    """How fresh each list is."""

    list_display = ["ca", "number", "this_update", "next_update", "imported_at"]


@admin.register(LoginLog)
class LoginLogAdmin(ReadOnly, admin.ModelAdmin):
    """Find a reference number read out over the phone."""

    list_display = ["at", "code", "reference", "user", "method", "address", "detail"]
    list_filter = ["method", "code"]
    search_fields = ["reference", "sha256", "user__username", "user__name"]
    list_select_related = ["user"]


@admin.register(BreakGlass)
class BreakGlassAdmin(ReadOnly, admin.ModelAdmin):
    """Every emergency login that was prepared or used."""

    list_display = ["user", "created_at", "expires_at", "used_at"]
    exclude = ["digest"]
