"""Addresses of 信息公告."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from procurement.flow.menu import Entry, register

from . import door, views
from .stage import AnnouncementStage

register(Entry(AnnouncementStage.section, door.TITLE, "announcement-portal", door.POSTS))

urlpatterns = [
    path("portal/", door.door, name="announcement-portal"),
    path("portal/enter/", door.ask, name="announcement-ask"),
    path("portal/tickets/<int:pk>/", door.ticket, name="announcement-ticket"),
    # before the stage's own page of the same name: 新增 starts with a format
    path("new/", require_http_methods(["GET", "HEAD", "POST"])(views.start), name="announcement-new"),
    path("<int:pk>/preview/", require_safe(views.preview), name="announcement-preview"),
    *AnnouncementStage.urls(),
]
