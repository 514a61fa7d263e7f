"""Addresses of 供应商登记."""

from django.urls import path

from procurement.flow.menu import Entry, register

from . import views

urlpatterns = [
    path("", views.listing, name="supplier-list"),
    path("search/", views.search, name="supplier-search"),
    path("new/", views.new, name="supplier-new"),
    path("<int:pk>/", views.shown, name="supplier-detail"),
    path("<int:pk>/edit/", views.edit, name="supplier-edit"),
]

register(Entry("采购合同管理", views.LABEL, "supplier-list", views.EVERYBODY))
