"""Operations on people, chakras and photographs: each goes through the door of its own resource.

What a telephone sends of a person or a chakra is what a program would POST to the API. The
operation is answered as that resource answers, rules, rights and words included; nothing of them
is written here a second time.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.handlers.wsgi import WSGIRequest
from django.utils.translation import gettext_lazy as _

from harvests.intake.reading import DAY, Refusal, Refused, read_key
from harvests.intake.refusing import refusals_of
from members.models import Chakra
from members.permissions.chakras import may_change_chakra
from members.services.chakras import add_chakra_photograph

if TYPE_CHECKING:
    from django.http import HttpResponse

    from kallari.accounts.models import User

LARGEST_PHOTOGRAPH = 600 * 1024
"""Bytes of a photograph that a telephone has made smaller."""

Door = Callable[["User", uuid.UUID, Mapping[str, Any]], bool]
"""Writes what a payload tells of an entity; whether it is new. Raises `Refused`."""


class Taken(Exception):  # noqa: N818 - the key belongs to other content; nothing failed
    """The key belongs to something else."""


def _person(actor: User, key: uuid.UUID, payload: Mapping[str, Any]) -> bool:
    from members.api.persons import PersonViewSet

    return _posted(PersonViewSet.as_view({"post": "create"}), actor, {**payload, "id": str(key)})


def _chakra(actor: User, key: uuid.UUID, payload: Mapping[str, Any]) -> bool:
    from members.api.chakras import ChakraViewSet

    return _posted(ChakraViewSet.as_view({"post": "create"}), actor, {**payload, "id": str(key)})


def _boundary(actor: User, key: uuid.UUID, payload: Mapping[str, Any]) -> bool:
    from members.api.chakras import ChakraViewSet

    told = dict(payload)
    if "area_ha" in told:
        told["declared_area_ha"] = told.pop("area_ha")
    return _posted(ChakraViewSet.as_view({"post": "geometry"}), actor, told, pk=str(key))


def _photograph(actor: User, _key: uuid.UUID, payload: Mapping[str, Any]) -> bool:
    if unknown := sorted(set(payload) - {"chakra", "jpeg", "taken_on", "caption"}):
        raise Refused(Refusal(unknown[0], "unknown_field", _("Este campo no existe.")))
    wanted = read_key(payload.get("chakra"), "chakra")
    chakra = Chakra.objects.visible_to(actor).filter(pk=wanted).first()
    if chakra is None or not may_change_chakra(actor):
        raise Refused(Refusal("chakra", "does_not_exist", _("No existe, o no está a su cargo.")))
    taken_on, caption = payload.get("taken_on"), payload.get("caption") or ""
    if not isinstance(taken_on, str) or not DAY.fullmatch(taken_on):
        raise Refused(Refusal("taken_on", "invalid", _("Escriba el día así: 2026-03-01.")))
    try:
        content = base64.b64decode(str(payload.get("jpeg") or ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(Refusal("jpeg", "invalid", _("La fotografía no se puede leer."))) from error
    if not content or len(content) > LARGEST_PHOTOGRAPH:
        raise Refused(Refusal("jpeg", "invalid", _("La fotografía falta o es demasiado grande.")))
    try:
        day = date.fromisoformat(taken_on)
        add_chakra_photograph(
            actor=actor, chakra=chakra, upload=content, taken_on=day, caption=str(caption)[:200]
        )
    except ValidationError as refusal:
        raise Refused(*refusals_of(refusal)) from refusal
    except ValueError as error:  # 30 February
        raise Refused(
            Refusal("taken_on", "invalid", _("Escriba el día así: 2026-03-01."))
        ) from error
    return True


DOORS: dict[tuple[str, str], Door] = {
    ("person", "create"): _person,
    ("chakra", "create"): _chakra,
    ("chakra", "correct"): _boundary,
    ("photograph", "create"): _photograph,
}


def _posted(
    view: Callable[..., HttpResponse], actor: User, told: Mapping[str, Any], **address: str
) -> bool:
    """POST to a resource in the name of `actor`; whether something new came of it.

    Raises:
        Refused: with what the resource says.
        Taken: it answers 409.
    """
    body = json.dumps(told).encode()
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
        }
    )
    request.user = actor
    request._force_auth_user = actor  # type: ignore[attr-defined]  # noqa: SLF001 - DRF's own door
    response: Any = view(request, **address)
    if response.status_code < 300:
        return bool(response.status_code == 201 or address)
    said = response.data if isinstance(response.data, dict) else {}
    if response.status_code == 409:
        raise Taken
    found = said.get("errors") or [
        {"field": None, "code": said.get("code", "refused"), "message": said.get("detail", "")}
    ]
    raise Refused(*(Refusal(one["field"], one["code"], str(one["message"])) for one in found))
