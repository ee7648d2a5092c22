"""The base of every resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from rest_framework.permissions import SAFE_METHODS, DjangoModelPermissions
from rest_framework.viewsets import GenericViewSet

from kallari.api.paging import Pages

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.views import APIView


class MatrixPermissions(DjangoModelPermissions):
    """Rights from `kallari.roles.MATRIX`: reading too, and 404 for what one may not even see."""

    perms_map = {  # noqa: RUF012 - as DRF declares it
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
        "OPTIONS": ["%(app_label)s.view_%(model_name)s"],
        "POST": ["%(app_label)s.add_%(model_name)s"],
        "PATCH": ["%(app_label)s.change_%(model_name)s"],
        # Nothing is replaced whole, nothing is removed: any other method is answered 405.
    }

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        if named := getattr(view, "rights", {}).get(getattr(view, "action", None)):
            to_read, to_write = named
            if not request.user.has_perm(to_read):
                raise Http404
            return request.method in SAFE_METHODS or request.user.has_perm(to_write)
        model = self._queryset(view).model
        if not request.user.has_perms(self.get_required_permissions("GET", model)):
            raise Http404
        return super().has_permission(request, view)


class RecordViewSet(GenericViewSet):
    """A resource over one model. Combined with DRF's mixins for what can be done with it.

    Rows come from ``visible_to(user)`` of `queryset`; nothing is removed through the API.
    """

    rights: ClassVar[dict[str, tuple[str, str]]] = {}
    """Action → the rights to read and to write, for what is not simply viewing, adding to or
    changing the model: ``{"register": ("members.view_partner", "members.change_partner")}``."""

    permission_classes = (MatrixPermissions,)
    pagination_class = Pages
    http_method_names = ["get", "post", "patch", "head", "options"]  # noqa: RUF012 - as Django's

    def get_queryset(self) -> models.QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.request.user)
