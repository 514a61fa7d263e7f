"""Switching the post and the year; the phone list."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from . import years
from .models import ContactGroup
from .posts import SESSION_KEY


def safely_back(request):
    """To the page the form stood on, when it is one of ours."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if wanted and safe else "home")


@require_POST
def switch_post(request):
    """Act in another of one's own posts; the home page shows its work."""
    chosen = request.POST.get("appointment", "")
    if any(str(appointment.pk) == chosen for appointment in request.user.posts):
        request.session[SESSION_KEY] = int(chosen)
        request.session.cycle_key()
    return redirect("home")


@require_POST
def switch_year(request):
    """Only to a year the top bar offers."""
    year = request.POST.get("year", "")
    if year in map(str, years.offered()):
        request.session["fiscal_year"] = int(year)
    return safely_back(request)


@require_safe
@login_not_required
def contacts(request):
    """联系电话 (manual 4), the user's own division on top."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    groups = ContactGroup.objects.filter(is_active=True).prefetch_related("divisions")
    if q:
        match = Q(name__icontains=q) | Q(divisions__name__icontains=q) | Q(phones__icontains=q)
        units = Q(divisions__units__name__icontains=q)
        groups = groups.filter(match | units).distinct()
    current = getattr(request.user, "current", None)
    division = current.content_object.division_id if current else None
    groups = sorted(groups, key=lambda group: not any(d.pk == division for d in group.divisions.all()))
    own = [group for group in groups if any(d.pk == division for d in group.divisions.all())]
    context = {
        "groups": [group for group in groups if group not in own],
        "own": own,
        "q": q,
        "title": "联系电话",
    }
    return render(request, "accounts/contacts.html", context)
