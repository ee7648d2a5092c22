"""Every address of the application."""

from django.contrib import admin
from django.urls import include, path

from kallari.views import healthz, home

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    # Before the many pages: an address is compared with one pattern after the other.
    path("api/v1/", include("kallari.api.urls")),
    path("cuenta/", include("kallari.accounts.urls")),
    path("auditoria/", include("kallari.history.urls")),
    path("reglas/", include("kallari.rules.urls")),
    path("", include("members.urls")),
    path("", include("harvests.urls")),
    path("idioma/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

handler400 = "kallari.views.bad_request"
handler500 = "kallari.views.server_error"
