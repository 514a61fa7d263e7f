"""Addresses of the objection desk."""

from django.urls import include, path
from django.views.decorators.http import require_http_methods

from procurement.flow.desks import Desk
from procurement.flow.menu import Entry, register

from . import public_views, views
from .models import KIND
from .stages import AnswerStage

DESKS = frozenset([Desk.OFFICE])
register(Entry(AnswerStage.section, views.TITLE, "objection-list", views.READING, KIND, DESKS))

answers = [
    # before the stage's own page of the same name: an answer starts from a notice with objections
    path("new/", require_http_methods(["GET", "HEAD", "POST"])(views.answer), name="objectionanswer-new"),
    *AnswerStage.urls(),
]
urlpatterns = [
    path("public/<slug:number>/", public_views.publicised, name="objection-public"),
    path("public/<slug:number>/files/<int:file>/", public_views.file, name="objection-public-file"),
    path("receipts/<slug:code>/", public_views.receipt, name="objection-receipt"),
    path("objections/", views.listing, name="objection-list"),
    path("objections/<int:pk>/", views.detail, name="objection-detail"),
    path("objections/<int:pk>/files/<int:file>/", views.file, name="objection-file"),
    path("answers/", include(answers)),
]
