"""Addresses of 预采购转正."""

from .stages import ConversionStage

urlpatterns = ConversionStage.urls()
