"""Addresses of login, posts and contacts."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("", include("accounts.login.urls")),
    path("post/", views.switch_post, name="switch-post"),
    path("year/", views.switch_year, name="switch-year"),
    path("contacts/", views.contacts, name="contacts"),
]
