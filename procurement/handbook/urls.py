"""Addresses of the manual."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.contents, name="help"),
    path("<str:number>/", views.chapter, name="help-chapter"),
]
