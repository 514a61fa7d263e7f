"""Pages of 信息公告发布."""

from django.urls import include, path

from accounts.models import Post
from procurement.flow.menu import Entry, register

from . import views
from .announcements import urls as announcements

register(
    Entry(
        "信息公告发布", views.TITLE, "publication-list", frozenset([Post.CLERK, Post.REVIEWER, Post.APPROVER])
    )
)

urlpatterns = [
    path("announcements/", include(announcements.urlpatterns)),
    path("single/", include("notices.single.urls")),
    path("", include("notices.objections.urls")),
    path("", views.workbench, name="publication-list"),
    path("<int:pk>/", views.detail, name="publication-detail"),
    path("<int:pk>/payload/", views.payload, name="publication-payload"),
    path("<int:pk>/retry/", views.retry, name="publication-retry"),
    path("<int:pk>/check/", views.check, name="publication-check"),
    path("differences/<int:pk>/", views.difference, name="publication-difference"),
]
