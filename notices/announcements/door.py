"""信息公告发布: over to the portal's own system, or how to reach it directly (M 3.7)."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.models import Post
from procurement.flow.list_pages import need

from .tickets import PortalTicket

TITLE = "信息公告发布"
POSTS = frozenset([Post.CLERK, Post.APPROVER])


@require_safe
def door(request):
    """The button, the direct address, and the local register."""
    need(request, POSTS, TITLE)
    address = (settings.PORTAL_PUBLIC_URL or settings.PORTAL_URL).rstrip("/") + "/"
    clerk = request.user.current.post == Post.CLERK
    return render(request, "notices/portal_door.html", {"title": TITLE, "address": address, "clerk": clerk})


@require_POST
def ask(request):
    """A ticket for this person in this post; the next page waits for its signature."""
    need(request, POSTS, TITLE)
    return redirect("announcement-ticket", PortalTicket.ask(request.user.current).pk)


@never_cache
@require_GET
def ticket(request, pk: int):
    """Waits, then leads over once; the address is given to its owner only."""
    held = get_object_or_404(PortalTicket, pk=pk, user=request.user)
    request.menu_url = "announcement-portal"
    standing = held.standing
    url = held.take() if standing == "ready" else None
    context = {"title": TITLE, "ticket": held, "standing": standing if url else held.standing, "url": url}
    return render(request, "notices/portal_ticket.html", context)
