"""Whose publications, which of them, and the search line above."""

from datetime import time

from django import forms
from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from accounts.models import Post
from notices.models import Difference, Publication
from procurement.flow import lists
from procurement.flow.forms import speak_plainly
from procurement.flow.models import Document

WHOLE_PORTAL = (Post.APPROVER, Post.AUDITOR)  # see what no unit of ours has sent
PUBLISHED = ("intent", "singlesourcenotice", "announcement", "contract")  # kinds that have notices


def visible_to(user):
    """Publications of the papers this user may see."""
    return Publication.objects.filter(document__in=Document.objects.visible_to(user).values("pk"))


def differences_visible_to(user):
    """Differences of those, and what stands there without us for who looks after the whole portal."""
    seen = Q(delivery__document__in=Document.objects.visible_to(user).values("pk"))
    if any(user.posts.organizations(post) for post in WHOLE_PORTAL):
        seen |= Q(delivery=None)
    return Difference.objects.filter(seen)


def tabs(user) -> dict:
    """Tabs of the workbench; only 有差异 lists differences, the others publications."""
    mine = visible_to(user)
    return {
        "stuck": ("待处理", mine.stuck()),
        "pending": ("发布中", mine.filter(state=Publication.State.PENDING)),
        "sent": ("已发布", mine.filter(state=Publication.State.SENT)),
        "drift": ("有差异", differences_visible_to(user).filter(closed_at=None)),
        "all": ("全部", mine),
    }


def for_list(rows):
    """With what a row shows."""
    if rows.model is Difference:
        return rows.select_related("delivery__document__unit")
    drift = Difference.objects.filter(delivery=OuterRef("pk"), closed_at=None)
    return rows.select_related("document__unit").annotate(drifts=Exists(drift))


def kinds() -> list[tuple[str, str]]:
    models = {model._meta.model_name: model for model in apps.get_models() if issubclass(model, Document)}
    return [(name, str(models[name]._meta.verbose_name)) for name in PUBLISHED if name in models]


class PublicationFilter(forms.Form):
    """The search line; empty fields do not filter."""

    dates_label = "产生日期"
    q = forms.CharField(label="公告、编码或单位", required=False, max_length=100)
    kind = forms.ChoiceField(label="公告类别", required=False)
    since = forms.DateField(label="产生日期自", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="产生日期至", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data):
        super().__init__(data, auto_id="filter_%s")
        self.fields["kind"].choices = [("", "全部"), *kinds()]
        speak_plainly(self.fields)

    def apply(self, rows):
        self.is_valid()
        data = self.cleaned_data
        differences = rows.model is Difference
        at, prefix = ("found_at", "delivery__") if differences else ("created_at", "")
        wanted = {
            f"{prefix}document__kind": data.get("kind"),
            f"{at}__gte": lists.moment(data.get("since"), time.min),
            f"{at}__lte": lists.moment(data.get("until"), time.max),
        }
        rows = rows.filter(**{name: value for name, value in wanted.items() if value})
        words = (data.get("q") or "").replace("\x00", "").strip()
        return rows.filter(matching(words, prefix)) if words else rows


def matching(words: str, prefix: str) -> Q:
    names = ["key", *(f"{prefix}document__{field}" for field in ("number", "title", "unit__name"))]
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": words})
    return found
