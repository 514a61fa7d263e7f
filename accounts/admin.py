"""Administration of organisations, people, their posts and the phone list. No business is done here."""

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from .cakey import admin as certificates  # noqa: F401 - registers the certificates' pages
from .models import Appointment, ContactGroup, Organization, OrgKind, Post, User

admin.site.site_header = "安徽省级政府采购监管系统 · 系统管理"
admin.site.site_title = "系统管理"
admin.site.index_title = "管理事项"
admin.site.site_url = "/"
admin.site.empty_value_display = "—"


@never_cache
@login_not_required
def enter(request, extra_context=None):
    """Administrators come in by the same door as everybody: their CA key (ca-key.md §4)."""
    if admin.site.has_permission(request):
        return redirect("admin:index")
    if request.user.is_authenticated:
        raise PermissionDenied("系统管理只对系统管理员开放，您的账号没有这个权限。")
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def leave(request, extra_context=None):
    """Out by the same door too, so that the certificate's session ends with it."""
    from .login.views import leave as log_out

    return log_out(request)


admin.site.login, admin.site.logout = enter, leave
admin.site.unregister(Group)  # rights come from posts; a group would have no effect


class OrganizationForm(forms.ModelForm):
    """Keeps the tree a tree."""

    def clean_parent(self):
        parent = above = self.cleaned_data["parent"]
        while above is not None:
            if above.pk == self.instance.pk:
                raise forms.ValidationError("上级不能是本单位自己或它的下级单位。")
            above = above.parent
        return parent

    def clean_uscc(self):
        return self.cleaned_data["uscc"] or None

    def clean(self):
        data = super().clean()
        if data.get("kind") == OrgKind.PURCHASER and not data.get("division"):
            self.add_error("division", "采购单位须填写归口财政内部机构，否则预算无人审核。")
        return data


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    """The tree of organisations; one that is no longer used is switched off, never deleted."""

    form = OrganizationForm
    list_display = ["tree_name", "kind", "budget_code", "uscc", "parent", "division", "is_active"]
    list_display_links = ["tree_name"]
    list_filter = ["kind", "is_active", "is_research", "location"]
    list_select_related = ["parent", "division"]
    search_fields = ["name", "short_name", "budget_code", "uscc"]
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["kind", "name", "short_name", "budget_code", "uscc", "is_active"]}),
        ("隶属", {"fields": ["parent", "division", "region", "location", "is_research"]}),
        ("联系", {"fields": ["address", "contact", "phone"]}),
        ("例外", {"fields": ["self_review_allowed"], "classes": ["collapse"]}),
    ]

    @admin.display(description="单位", ordering="budget_code")
    def tree_name(self, organization) -> str:
        return f"　└ {organization.name}" if organization.parent_id else organization.name

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "division":
            kwargs["queryset"] = Organization.objects.filter(kind=OrgKind.DIVISION)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        return False


class PostField(forms.ModelChoiceField):
    """A permission shown by its post's name."""

    def label_from_instance(self, permission) -> str:
        return Post(permission.codename).label


class AppointmentInline(admin.TabularInline):
    """The posts a person holds, each with its dates; ending one is setting its last day."""

    model = Appointment
    extra = 0
    fields = ["permission", "content_object", "valid_from", "valid_to"]
    autocomplete_fields = ["content_object"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "permission":
            posts = Permission.objects.filter(
                content_type__app_label="accounts",
                content_type__model="organization",
                codename__in=Post.values,
            )
            return PostField(queryset=posts, label="岗位")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People. There is no password to set: everybody logs in with a CA key."""

    list_display = ["username", "name", "phone", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "appointments__content_object__kind"]
    search_fields = ["username", "name", "phone"]
    fieldsets = [
        (None, {"fields": ["username", "name", "phone", "is_active"]}),
        (
            "系统管理员",
            {
                "fields": ["is_staff", "is_superuser"],
                "description": "两项都选才能使用系统管理。系统管理员不因此取得任何业务岗位，不能办理业务。",
            },
        ),
        ("记录", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [AppointmentInline]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ContactGroup)
class ContactGroupAdmin(admin.ModelAdmin):
    """The phone list of the contacts page."""

    list_display = ["name", "kind", "phones", "qq", "hours", "position", "is_active"]
    list_editable = ["position", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "phones"]
    filter_horizontal = ["divisions"]
