"""What an operation was meant to register, as a person reads it: keys and codes become names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harvests.models import (
    CollectionCenter,
    Delivery,
    Operation,
    ProductForm,
    Quality,
    Variety,
)
from harvests.wording.quantities import counted, in_kilos, plain
from kallari.keys import as_uuid
from kallari.units import ABBREVIATIONS
from members.models import Chakra, Family, Partner, Person

if TYPE_CHECKING:
    from django.db import models
    from django_stubs_ext import StrOrPromise

    from kallari.accounts.models import User

PERSONAL = frozenset(
    {
        "cedula",
        "cedula_missing_reason",
        "born_on",
        "birth_year",
        "phone",
        "next_of_kin_name",
        "next_of_kin_relation",
        "next_of_kin_phone",
        "note",
    }
)
"""Fields of a person that only who may identify people reads."""
PLAIN = frozenset({"delivery", "chakra", "photograph"})
"""Entities that tell nothing of a person; of any other nobody knows what it holds."""
LONGEST_CODE = 20
LONGEST_VALUE = 300
"""Letters of a value that are shown; a photograph has hundreds of thousands."""

LABELS: dict[str, StrOrPromise] = {
    "family": gettext_lazy("Familia"),
    "partner": gettext_lazy("Socia o socio"),
    "product_form": gettext_lazy("Presentación"),
    "quality": gettext_lazy("Calidad"),
    "variety": gettext_lazy("Variedad"),
    "quantity": gettext_lazy("Cantidad"),
    "containers": gettext_lazy("Envases"),
    "tare_kg": gettext_lazy("Tara"),
    "deduction_kg": gettext_lazy("Descuento"),
    "deduction_reason": gettext_lazy("Por qué se descuenta"),
    "moisture_percent": gettext_lazy("Humedad (%)"),
    "harvested_on": gettext_lazy("Cosechado el"),
    "pollinated_on": gettext_lazy("Polinizado el"),
    "weighed_at": gettext_lazy("Pesado el (reloj del teléfono)"),
    "center": gettext_lazy("Centro"),
    "chakras": gettext_lazy("Chakras"),
    "position": gettext_lazy("Posición"),
    "price_line_seen": gettext_lazy("Precio que se vio"),
    "note": gettext_lazy("Nota"),
    "supersedes": gettext_lazy("Corrige a"),
    "reason": gettext_lazy("Motivo"),
}
"""The fields of a delivery (docs/sync.md), in the order in which they are shown."""

ACTS: dict[tuple[str, str], StrOrPromise] = {
    ("delivery", "create"): gettext_lazy("Una entrega"),
    ("delivery", "correct"): gettext_lazy("La corrección de una entrega"),
    ("delivery", "void"): gettext_lazy("La anulación de una entrega"),
    ("person", "create"): gettext_lazy("Una persona nueva"),
    ("chakra", "create"): gettext_lazy("Una chakra nueva"),
    ("chakra", "correct"): gettext_lazy("El lindero de una chakra"),
    ("photograph", "create"): gettext_lazy("La fotografía de una chakra"),
}

_NUMBERS = frozenset({"quantity", "tare_kg", "deduction_kg", "moisture_percent"})

NAMED = ("family", "partner", "product_form", "quality", "variety", "center", "supersedes")
"""The fields of a delivery whose value is the key or the code of something with a name."""


@dataclass(frozen=True)
class Line:
    """One thing that was told. `differs` from what it is held against, where it is."""

    label: StrOrPromise
    value: str
    other: str = ""
    differs: bool = False


@dataclass
class Names:
    """The rows that keys and codes of payloads name."""

    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, name: str, value: Any) -> str:
        """What a key or code names; itself, where it names nothing here."""
        known = self.found.get((name, str(value).lower()))
        if known is not None:
            return known
        return _("%(value)s (no consta)") % {"value": _short(value)}


def payload_of(operation: Operation) -> dict[str, Any]:
    """The payload of an operation, or what can be read of it."""
    payload = told_of_operation(operation).get("payload")
    return payload if isinstance(payload, dict) else {}


def told_of_operation(operation: Operation) -> dict[str, Any]:
    """The whole operation as it came, where it is one."""
    try:
        told = json.loads(operation.raw)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def names_in(payloads: Iterable[Mapping[str, Any]], user: User) -> Names:
    """Read what payloads name, a query for each kind of thing at most."""
    told: dict[str, set[str]] = {}
    for payload in payloads:
        for name in (*NAMED, "chakra"):
            if isinstance(payload.get(name), str):
                told.setdefault(name, set()).add(payload[name])
        shares = payload.get("chakras")
        for share in shares if isinstance(shares, list) else []:
            if isinstance(share, dict) and isinstance(share.get("chakra"), str):
                told.setdefault("chakra", set()).add(share["chakra"])
    names = Names()
    by_key: dict[str, models.QuerySet[Any]] = {
        "family": Family.objects.visible_to(user).select_related("community"),
        "partner": Partner.objects.visible_to(user).select_related("person"),
        "chakra": Chakra.objects.visible_to(user),
        "supersedes": Delivery.objects.visible_to(user),
    }
    for name, rows in by_key.items():
        keys = [key for key in map(as_uuid, told.get(name, ())) if key is not None]
        if keys:
            for row in rows.filter(pk__in=keys):
                names.found[name, str(row.pk)] = _name_of(row)
    by_code: dict[str, models.QuerySet[Any]] = {
        "product_form": ProductForm.objects.visible_to(user).select_related("product"),
        "quality": Quality.objects.visible_to(user),
        "variety": Variety.objects.visible_to(user),
        "center": CollectionCenter.objects.visible_to(user),
    }
    for name, rows in by_code.items():
        if told.get(name):
            codes = [one for one in told[name] if one.isprintable() and len(one) <= LONGEST_CODE]
            for row in rows.filter(code__in=codes):
                names.found[name, row.code.lower()] = _name_of(row)
    return names


def _name_of(row: Any) -> str:
    if isinstance(row, Family):
        return f"{row}, {row.community.name}"
    if isinstance(row, ProductForm):
        return f"{row.product.name}, {row.name}"
    if isinstance(row, Partner):
        return row.person.name
    return str(row)


def act_of(operation: Operation) -> StrOrPromise:
    """What it would have registered: "Una entrega"."""
    known = ACTS.get((operation.entity, operation.action))
    return known or _("Algo que este servidor no conoce")


def said_of_operation(row: Operation) -> list[str]:
    """Why an operation waits, in sentences; with the field of which each speaks, as the page calls
    it."""
    said = [_said_of_error(one) for one in row.errors if isinstance(one, dict)]
    said = [one for one in said if one]
    if said:
        return said
    if not row.result:
        return [_("Se guardó y nadie la miró: quizá se fue la luz. Vuelva a intentarlo.")]
    if row.result == Operation.Result.CONFLICT:
        return [_("Su identificador ya es de otra cosa.")]
    return [_("No se pudo registrar.")]


def _said_of_error(error: Mapping[str, Any]) -> str:
    words = str(error.get("message", ""))
    field = str(error.get("field") or "").partition(".")[0].partition("[")[0]
    if not words or field not in LABELS:
        return words
    if field in _NUMBERS and error.get("code") == "invalid":
        # What a program is told of it, the decimal point, helps nobody at a desk.
        words = _("No es un número que se pueda registrar.")
    return _("%(field)s: %(words)s") % {"field": LABELS[field], "words": words}


def in_short(operation: Operation, payload: Mapping[str, Any], names: Names) -> str:
    """One line: what it would have registered, of whom, how much."""
    parts = [str(act_of(operation))]
    if "quantity" in payload:
        parts.append(_quantity(payload))
    if "product_form" in payload:
        parts.append(names.of("product_form", payload["product_form"]))
    if "family" in payload:
        parts.append(names.of("family", payload["family"]))
    elif "partner" in payload:
        parts.append(names.of("partner", payload["partner"]))
    elif operation.entity == "person":
        told = (payload.get("surnames"), payload.get("given_names"))
        parts.append(" ".join(_short(one) for one in told if one))
    return " · ".join(part for part in parts if part)


def lines_of(
    operation: Operation, payload: Mapping[str, Any], names: Names, user: User
) -> list[Line]:
    """What a payload tells, line by line, with names for keys and codes."""
    if operation.entity == "delivery":
        known = [name for name in LABELS if payload.get(name) not in (None, "", [])]
        others = [name for name in payload if name not in LABELS and name != "unit"]
        return [Line(LABELS[name], value_of(name, payload, names)) for name in known] + [
            Line(_short(name), _short(payload[name])) for name in others
        ]
    model = {"person": Person, "chakra": Chakra, "photograph": None}.get(operation.entity)
    sees_personal = user.has_perm("members.identify_person")
    lines = []
    for name, value in payload.items():
        is_personal = name in PERSONAL or operation.entity not in PLAIN | {"person"}
        if is_personal and not sees_personal and operation.entity not in PLAIN:
            shown = _("No se muestra con su cuenta")
        elif name in {"family", "chakra"}:
            shown = names.of(name, value)
        elif name == "jpeg":
            shown = _("Una fotografía de %(kb)s KB") % {"kb": len(str(value)) * 3 // 4 // 1024}
        else:
            shown = _short(value)
        lines.append(Line(_label(model, _short(name)), shown))
    return lines


def _label(model: Any, name: str) -> StrOrPromise:
    if name in {"family", "chakra", "note"}:
        return LABELS.get(name) or _("Chakra")
    try:
        return capfirst(str(model._meta.get_field(name).verbose_name)) if model else name
    except FieldDoesNotExist:
        return name


def value_of(name: str, payload: Mapping[str, Any], names: Names) -> str:
    """One field of a delivery's payload as a person reads it."""
    value = payload.get(name)
    if value in (None, "", []):
        return ""
    if name == "quantity":
        return _quantity(payload)
    if name in {"tare_kg", "deduction_kg"}:
        number = _number(value)
        return _short(value) if number is None else in_kilos(number)
    if name in NAMED:
        return names.of(name, value)
    if name == "chakras" and isinstance(value, list):
        return ", ".join(_share(one, names) for one in value)
    if name == "weighed_at":
        return _instant(value)
    if name in {"harvested_on", "pollinated_on"}:
        return _day(value)
    if name == "position" and isinstance(value, dict):
        places = value.get("coordinates")
        return " / ".join(map(_short, reversed(places))) if isinstance(places, list) else ""
    return _short(value)


def _share(told: Any, names: Names) -> str:
    if not isinstance(told, dict):
        return _short(told)
    part = _number(told.get("share"))
    percent = "?" if part is None else plain(part * 100)
    return f"{names.of('chakra', told.get('chakra'))}: {percent} %"


def _quantity(payload: Mapping[str, Any]) -> str:
    number, unit = _number(payload.get("quantity")), _short(payload.get("unit") or "")
    if number is None or unit not in ABBREVIATIONS:
        return f"{_short(payload.get('quantity'))} {unit}".strip()
    return counted(number, unit)


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or not -12 <= number.adjusted() <= 12:
        return None
    return number


def _instant(value: Any) -> str:
    try:
        told = datetime.fromisoformat(str(value))
        shown = localtime(told) if is_aware(told) else told
    except (ValueError, OverflowError):  # the year 1, or 10000, somewhere else
        return _short(value)
    return date_format(shown, "SHORT_DATETIME_FORMAT")


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT")
    except ValueError:
        return _short(value)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = _whole_letters(text)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _whole_letters(text: str) -> str:
    """Half a letter, which JSON can carry and no page can show, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def raw_shown(operation: Operation, user: User) -> str:
    """The JSON as it came, indented, a photograph cut short; nothing of a person for who may not
    identify people."""
    if operation.entity not in PLAIN and not user.has_perm("members.identify_person"):
        return ""
    told = told_of_operation(operation)
    if not told:
        return operation.raw[: LONGEST_VALUE * 10]
    return _whole_letters(json.dumps(_cut(told), ensure_ascii=False, indent=2))


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _cut(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_cut(one) for one in value]
    return _short(value) if isinstance(value, str) else value


BY_DEFAULT = ("quality", "center", "chakras")
"""What the intake fills in where nobody told it (docs/sync.md)."""


def held_against(one: Mapping[str, Any], other: Mapping[str, Any], names: Names) -> list[Line]:
    """What was sent beside what is on record; where they differ is marked. What was not sent, and
    the intake filled in by itself, contradicts nothing."""
    return [
        Line(LABELS[name], mine, theirs, mine != theirs and bool(mine or name not in BY_DEFAULT))
        for name in LABELS
        if (mine := value_of(name, one, names)) or value_of(name, other, names)
        for theirs in (value_of(name, other, names),)
    ]


def sides_of(one: Delivery, other: Delivery) -> list[Line]:
    """Two deliveries on record side by side; where they differ is marked."""

    def told(row: Delivery) -> list[tuple[StrOrPromise, str]]:
        return [
            (_("Pesado el"), date_format(localtime(row.weighed_at), "SHORT_DATETIME_FORMAT")),
            (_("Familia"), str(row.family)),
            (_("Presentación"), row.form.name),
            (_("Calidad"), row.quality.name if row.quality else ""),
            (_("Cantidad"), counted(row.quantity, row.unit)),
            (_("Neto"), "" if row.net_kg is None else in_kilos(row.net_kg)),
            (_("Quién recibió"), str(row.agent)),
            (_("Dispositivo"), str(row.device) if row.device else ""),
            (_("Centro"), row.center.name),
            (_("Por dónde llegó"), str(row.get_via_display())),
            (_("Registrado el"), date_format(localtime(row.received_at), "SHORT_DATETIME_FORMAT")),
            (_("Nota"), row.note),
            (_("Estado"), str(row.get_status_display())),
        ]

    return [
        Line(label, mine, theirs, mine != theirs)
        for (label, mine), (_label_too, theirs) in zip(told(one), told(other), strict=True)
        if mine or theirs
    ]
