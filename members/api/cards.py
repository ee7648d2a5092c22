"""Partners' cards for programs: whose card was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from kallari.api.viewsets import RecordViewSet
from members.cards import read_code
from members.models import Partner, PartnerCard, Standing

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


class BearerSerializer(serializers.Serializer[Partner]):
    """Whose card it is, as far as it must be known to weigh or to let in."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    name = serializers.CharField(source="person.name")
    family = serializers.UUIDField(source="family_id")
    community = serializers.CharField(source="family.community.name")
    standing = serializers.ChoiceField(choices=[Standing.REGISTERED, Standing.SUSPENDED])


class PartnerCardSerializer(serializers.Serializer[dict[str, Any]]):
    """A card that was read: whose it is, if it is valid today."""

    valid = serializers.BooleanField()
    issued_on = serializers.DateField()
    revoked_on = serializers.DateField(allow_null=True)
    partner = BearerSerializer(allow_null=True, help_text=_("Vacío cuando el carné ya no vale."))


class PartnerCardViewSet(RecordViewSet):
    """Cards by the code that was scanned or typed. There is no list of them."""

    queryset = PartnerCard.objects.all()
    serializer_class = PartnerCardSerializer
    lookup_field = "code"
    lookup_value_regex = "[^/]{17,40}"
    http_method_names = ["get", "head", "options"]  # noqa: RUF012 - as Django's

    @extend_schema(
        summary=_("De quién es un carné"),
        description=_(
            "El código del QR (KALLARI/S/…, sin ese comienzo) o como se escribe a mano, en "
            "grupos. Un carné anulado, o de alguien que ya no está en el registro, se contesta "
            "sin decir de quién era."
        ),
        parameters=[
            OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, required=True)
        ],
        responses=PartnerCardSerializer,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        """Whose card was read. 404 for a code that was misread, or that no card has."""
        try:
            plain = read_code(code)
        except ValidationError as misread:
            raise Http404 from misread
        found = self.get_queryset().filter(code=plain).first()
        if found is None:
            raise Http404
        today = timezone.localdate()
        bearer = None
        if PartnerCard.objects.valid_on(today).filter(pk=found.pk).exists():
            rows = Partner.objects.with_standing(today).with_people()
            bearer = rows.get(pk=found.partner_id)
        told = {
            "valid": bearer is not None,
            "issued_on": found.issued_on,
            "revoked_on": found.revoked_on,
            "partner": bearer,
        }
        return Response(PartnerCardSerializer(told).data)


def register(router: BaseRouter) -> None:
    """Add the cards."""
    router.register("partner-cards", PartnerCardViewSet, basename="partner-card")
