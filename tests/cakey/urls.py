"""The login's addresses and a home page to arrive at, without the rest of the project."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path

import accounts.cakey.admin  # noqa: F401

urlpatterns = [
    path("", lambda request: HttpResponse("home"), name="home"),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]
handler404 = "procurement.flow.pages.not_found"
