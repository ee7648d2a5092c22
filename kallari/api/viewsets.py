"""The base of every resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.http import Http404
from rest_framework import mixins, status
from rest_framework.pagination import BasePagination
from rest_framework.permissions import SAFE_METHODS, BasePermission, DjangoModelPermissions
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kallari.api.paging import Pages

if TYPE_CHECKING:
    from django.db import models
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer
    from rest_framework.views import APIView

    from kallari.accounts.models import User


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

    permission_classes: tuple[type[BasePermission], ...] = (MatrixPermissions,)
    pagination_class: type[BasePagination] = Pages
    http_method_names = ["get", "post", "patch", "head", "options"]  # noqa: RUF012 - as Django's

    def get_queryset(self) -> models.QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.request.user)

    @property
    def actor(self) -> User:
        """Who acts; the permissions have let them in."""
        return cast("User", self.request.user)

    def told_by(
        self, serializer: type[BaseSerializer[Any]], row: models.Model | None = None
    ) -> dict[str, Any]:
        """What the request tells, as `serializer` checks it, of the row it is about if any."""
        told = serializer(row, data=self.request.data, context=self.get_serializer_context())
        told.is_valid(raise_exception=True)
        return dict(told.validated_data)

    def written_by(
        self,
        serializer: type[BaseSerializer[Any]],
        service: Callable[..., models.Model],
        **known: Any,
    ) -> Response:
        """Let a service write what was told, and show the row: 201 for what it added.

        Args:
            known: the row that the address names, by the service's name for it; without one, the
                service adds.
        """
        made = service(actor=self.actor, **known, **self.told_by(serializer))
        return Response(
            self.get_serializer(self.get_queryset().get(pk=made.pk)).data,
            status=status.HTTP_200_OK if known else status.HTTP_201_CREATED,
        )


class ListedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, RecordViewSet):
    """A resource that is read in pages, and one by one."""
