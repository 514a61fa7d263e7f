"""All addresses; with settings and celery the only place that names every app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("procurement.overview.urls")),
    path("help/", include("procurement.handbook.urls")),
    path("accounts/", include("accounts.urls")),
    path("budgets/", include("budgets.urls")),
    path("catalogue/", include("procurement.reference.urls")),
    path("intents/", include("intents.urls")),
    path("plans/", include("plans.urls")),
    path("tasks/", include("tasks.urls")),
    path("contracts/", include("contracts.urls")),
    path("contracts/suppliers/", include("contracts.suppliers.urls")),
    path("contracts/statistics/", include("contracts.statistics.urls")),
    path("notices/", include("notices.urls")),
    path("", include("procurement.sealing.urls")),
    path("practice/", include("procurement.practice.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "procurement.flow.pages.bad_request"
handler403 = "procurement.flow.pages.permission_denied"
handler404 = "procurement.flow.pages.not_found"
handler500 = "procurement.flow.pages.server_error"
