"""Pages of sealed papers."""

from django.urls import path

from . import views

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/offline.py", views.offline_program, name="verify-program"),
    path("verify/trust.pem", views.trust_certificates, name="verify-trust"),
    path("sealed/notices/<str:number>/", views.notice_file, name="notice-file"),
    path("sealed/<int:pk>/file/", views.file, name="sealed-file"),
    path("sealed/<int:pk>/state/", views.state, name="sealed-state"),
    path("sealed/<int:pk>/retry/", views.retry, name="sealed-retry"),
]
