"""The seals for programs: /api/v1/seals/. Whoever fetches and keeps the codes elsewhere, by a
program of their own, notarises the history without asking anybody."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from kallari.api.paging import Pages
from kallari.history.models import Seal
from kallari.history.permissions import HistoryReaders


class SealSerializer(serializers.ModelSerializer[Seal]):
    """One link of the chain; docs/history.md says how its digest is recomputed."""

    code = serializers.CharField(
        read_only=True, help_text=_("Lo que se anota en el acta, por ejemplo 42-7XKQ-…-K.")
    )

    class Meta:
        model = Seal
        fields = (
            "number",
            "code",
            "sealed_at",
            "after_id",
            "upto_id",
            "row_count",
            "previous_digest",
            "digest",
        )
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(summary=_("Todos los sellos, el más reciente primero")),
    retrieve=extend_schema(
        summary=_("Un sello: su código, su huella y lo que cubre"),
        description=_("En docs/history.md está cómo cualquiera vuelve a calcular la huella."),
    ),
)
class SealViewSet(viewsets.ReadOnlyModelViewSet[Seal]):
    """Every seal, newest first: its code, its digest, and the history rows that it covers."""

    queryset = Seal.objects.all()
    serializer_class = SealSerializer
    permission_classes = (HistoryReaders,)
    pagination_class = Pages
    lookup_value_regex = r"[0-9]{1,9}"

    def get_queryset(self) -> models.QuerySet[Seal]:
        return Seal.objects.visible_to(self.request.user)
