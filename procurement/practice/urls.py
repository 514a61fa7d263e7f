"""Addresses of the practice mode."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.exercise_list, name="practice"),
    path("start/", views.start, name="practice-start"),
    path("day/", views.leap, name="practice-leap"),
]
