"""Addresses of the login."""

from django.urls import path

from . import views

urlpatterns = [
    path("login/", views.login_page, name="login"),
    path("logout/", views.leave, name="logout"),
    path("help/driver/", views.driver_help, name="driver-help"),
    path("breakglass/", views.breakglass, name="breakglass"),
    path("cakey/challenge", views.give_challenge, name="cakey-challenge"),
    path("cakey/login", views.log_in, name="cakey-login"),
    path("cakey/examine", views.examine, name="cakey-examine"),
    path("cakey/heartbeat", views.heartbeat, name="cakey-heartbeat"),
    path("cakey/relay/<slug:operation>", views.relay, name="cakey-relay"),
]
