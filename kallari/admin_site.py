"""The admin: one site, our door, our rights, the same strict security policy as everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth import logout as sign_out
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from unfold.sites import UnfoldAdminSite


class KallariAdminSite(UnfoldAdminSite):
    """Where board staff enter data.

    - Signing in happens at the one door of the house (``account_login``), with its lock-out and
      its second factor; the admin has no form of its own.
    - Only pages built on `kallari.admin_records.RecordAdmin` are taken in. What packages
      register by themselves is left out: those pages ask for no reason and follow no matrix.
    - What one may not see answers 404, as everywhere.
    """

    site_header = _("Kallari · Administración")
    site_title = _("Kallari · Administración")
    index_title = _("Registros")
    empty_value_display = "—"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take in record pages; leave out what is not built on `RecordAdmin`."""
        from kallari.admin_records import RecordAdmin

        if admin_class is not None and issubclass(admin_class, RecordAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        guarded = gzip_page(super().admin_view(view, cacheable))

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            try:
                return guarded(request, *args, **kwargs)
            except PermissionDenied as refusal:
                raise Http404 from refusal

        return inner

    def get_urls(self) -> list[Any]:
        """Leave out what the house has elsewhere, or not at all: changing one's password,
        Unfold's search over everything, and addresses made of content types."""
        left_out = {"search", "password_change", "password_change_done", "view_on_site"}
        return [
            entry for entry in super().get_urls() if getattr(entry, "name", None) not in left_out
        ]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to the one door; who is already inside goes to the list of records."""
        index = reverse("admin:index", current_app=self.name)
        if request.user.is_authenticated:
            return redirect(index)
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, index))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out as everywhere: at once by POST, else after asking."""
        if request.method != "POST":
            return redirect("account_logout")
        sign_out(request)
        return redirect("account_login")
