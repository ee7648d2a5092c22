"""The association's usual ways of working, as far as the book and the trade tell: fermenting and
drying, curing, cleaning, grading, milling, packing, having bars made by a plant outside.

Every figure bears its source, and is unconfirmed until somebody of the association answers for it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from harvests.models import Place, ProcessKind, ProcessPhase, ProcessRoute, Product, ProductForm
from harvests.services import processes
from harvests.services.catalog import add_form
from kallari.history.context import acting
from kallari.units import Unit

if TYPE_CHECKING:
    from kallari.accounts.models import User

_REGION = "Sistema de trazabilidad de la región"
_PRACTICE = "Práctica del comercio; falta confirmarla en Kallari"
_GUAYUSA = "Práctica de la región; falta confirmarla en Kallari"
_PRESS = "Prensa: de 4,5 kg verdes sale 1 kg curado"
_PROGRAM = "Propuesta del programa; la asociación decide"

MADE_FORMS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("seleccionado", "cacao", "Cacao seleccionado", {"place": 22}),
    ("ensacado", "cacao", "Cacao ensacado", {"place": 24}),
    ("licor", "cacao", "Licor de cacao", {"place": 26}),
    (
        "tableta",
        "cacao",
        "Tableta de 50 g",
        {"counted": "piece", "unit": Unit.PIECE, "piece_kg": Decimal("0.05"), "place": 28},
    ),
    ("entera", "guayusa", "Hoja seca entera", {"place": 32}),
    ("picada", "guayusa", "Hoja picada", {"place": 34}),
    ("triturada", "guayusa", "Hoja triturada", {"place": 36}),
    ("molida", "guayusa", "Hoja molida", {"place": 38}),
    ("curada", "vainilla", "Vainilla curada", {"place": 42}),
)
"""Code, product's code, name, what else is told of what only comes out of a process."""

KINDS: tuple[tuple[str, str, str, int], ...] = (
    ("beneficio", "Fermentación y secado", "F", 10),
    ("secado", "Secado", "S", 20),
    ("curado", "Curado de vainilla", "V", 30),
    ("limpieza", "Limpieza", "L", 40),
    ("clasificacion", "Clasificación", "C", 50),
    ("homogenizacion", "Homogenización", "H", 60),
    ("molienda", "Molienda y corte", "M", 70),
    ("empaque", "Empaque", "E", 80),
    ("maquila", "Elaboración en planta de fuera", "P", 90),
    ("mezcla", "Mezcla", "X", 100),
    ("division", "División", "D", 110),
)
"""Code, name, letter, place."""

BOX, DRYER, TABLE, STORE, PLANT = (one.value for one in Place.Kind)
PHASES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "beneficio",
        "Fermentación",
        {
            "happens_in": BOX,
            "days_min": 4,
            "days_max": 7,
            "turn_hours": 48,
            "asks_temperature": True,
            "source": "Práctica común: Nacional 4 a 5 días, CCN-51 5 a 7; volteo cada 24 a 48 h",
        },
    ),
    (
        "beneficio",
        "Secado",
        {
            "happens_in": DRYER,
            "days_min": 5,
            "days_max": 8,
            "asks_moisture": True,
            "moisture_target": Decimal(7),
            "source": "Práctica común: 5 a 8 días hasta 7 % de humedad, 8 % a lo más",
        },
    ),
    ("secado", "Secado", {"happens_in": DRYER, "asks_moisture": True}),
    ("curado", "Marchitado y sudado", {"happens_in": BOX, "asks_temperature": True}),
    ("curado", "Secado", {"happens_in": DRYER, "asks_moisture": True}),
    ("curado", "Acondicionado", {"happens_in": STORE}),
    ("limpieza", "Limpieza", {"happens_in": TABLE}),
    ("clasificacion", "Clasificación", {"happens_in": TABLE}),
    ("homogenizacion", "Homogenización", {"happens_in": TABLE, "asks_moisture": True}),
    ("molienda", "Molienda", {"happens_in": TABLE}),
    ("empaque", "Empaque", {"happens_in": TABLE}),
    ("maquila", "En la planta", {"happens_in": PLANT}),
    ("mezcla", "Mezcla", {"happens_in": TABLE}),
    ("division", "División", {"happens_in": STORE}),
)
"""Kind's code, name, what else is told; in the order of each kind."""

ROUTES: tuple[tuple[str, str, str, tuple[str, str, str] | None, str], ...] = (
    ("beneficio", "baba", "seco", ("0.330", "0.390", "0.450"), _REGION),
    ("secado", "seco", "seco", ("0.900", "0.970", "1.000"), _PRACTICE),
    ("secado", "hoja", "entera", ("0.25", "0.33", "0.45"), _GUAYUSA),
    ("curado", "vaina", "curada", ("0.180", "0.222", "0.260"), _PRESS),
    ("limpieza", "seco", "seco", ("0.950", "0.985", "1.000"), _PRACTICE),
    ("limpieza", "hoja", "hoja", ("0.850", "0.950", "1.000"), _GUAYUSA),
    ("clasificacion", "seco", "seleccionado", ("0.930", "0.980", "1.000"), _PRACTICE),
    ("clasificacion", "entera", "entera", ("0.930", "0.980", "1.000"), _GUAYUSA),
    ("homogenizacion", "seco", "seco", ("0.980", "0.998", "1.000"), _PRACTICE),
    ("homogenizacion", "seleccionado", "seleccionado", ("0.980", "0.998", "1.000"), _PRACTICE),
    ("molienda", "entera", "picada", ("0.900", "0.970", "1.000"), _GUAYUSA),
    ("molienda", "entera", "triturada", ("0.900", "0.970", "1.000"), _GUAYUSA),
    ("molienda", "entera", "molida", ("0.900", "0.970", "1.000"), _GUAYUSA),
    ("empaque", "seco", "ensacado", ("0.985", "0.999", "1.000"), _PRACTICE),
    ("empaque", "seleccionado", "ensacado", ("0.985", "0.999", "1.000"), _PRACTICE),
    ("maquila", "seco", "tableta", None, _PROGRAM),
    ("maquila", "seleccionado", "tableta", None, _PROGRAM),
    ("maquila", "ensacado", "tableta", None, _PROGRAM),
    ("maquila", "seco", "licor", None, _PROGRAM),
    ("maquila", "ensacado", "licor", None, _PROGRAM),
    ("maquila", "licor", "tableta", None, _PROGRAM),
)
"""Kind's code, what goes in, what comes out, the band (least, usual, most) if known, source."""

SAME = ("mezcla", "division", "empaque")
"""Kinds that may give whatever goes in, as it is."""

PLANTS = (
    ("salinas", "Planta de Salinas de Guaranda", "Salinas de Guaranda, Bolívar"),
    ("quito", "Planta de Quito", "Quito, Pichincha"),
    ("guayaquil", "Planta de Guayaquil", "Guayaquil, Guayas"),
)


@transaction.atomic
def add_usual_processes(*, actor: User | None, reason: str = "") -> list[ProcessKind]:
    """Enter how the association usually works, and return the kinds of process; what is on record
    already stays as it is. The products of `add_usual_catalog` come first."""
    from harvests.services.usual_catalog import once

    with acting(actor, reason=reason):
        products = {one.code: one for one in Product.objects.all()}
        for code, product, name, told in MADE_FORMS:
            once(
                ProductForm,
                {"code": code},
                partial(add_form, actor=actor),
                {"product": products[product], "name": name, "is_bought": False, **told},
            )
        forms = {one.code: one for one in ProductForm.objects.all()}
        kinds = {
            code: once(
                ProcessKind,
                {"code": code},
                partial(processes.add_process_kind, actor=actor),
                {"name": name, "mark": mark, "place": place, "asks_added": code == "maquila"},
            )
            for code, name, mark, place in KINDS
        }
        _add_phases(actor, kinds)
        _add_routes(actor, kinds, forms)
        for code, name, address in PLANTS:
            once(
                Place,
                {"code": code},
                partial(processes.add_place, actor=actor),
                {"name": name, "kind": PLANT, "address": address},
            )
    return list(kinds.values())


def _add_phases(actor: User | None, kinds: dict[str, ProcessKind]) -> None:
    begun = set(ProcessPhase.objects.values_list("kind__code", flat=True))
    position: dict[str, int] = {}
    for code, name, told in PHASES:
        position[code] = position.get(code, 0) + 1
        if code not in begun:
            processes.add_phase(
                actor=actor, kind=kinds[code], position=position[code], name=name, **told
            )


def _add_routes(
    actor: User | None, kinds: dict[str, ProcessKind], forms: dict[str, ProductForm]
) -> None:
    begun = set(ProcessRoute.objects.values_list("kind__code", flat=True))
    for code, takes, gives, band, source in ROUTES:
        if code in begun:
            continue
        low, expected, high = (Decimal(one) for one in band) if band else (None, None, None)
        processes.add_route(
            actor=actor,
            kind=kinds[code],
            takes=forms[takes],
            gives=forms[gives],
            yield_low=low,
            yield_expected=expected,
            yield_high=high,
            source=source,
        )
    for code in SAME:
        if code not in begun:
            processes.add_route(
                actor=actor,
                kind=kinds[code],
                yield_low=Decimal("0.980"),
                yield_expected=Decimal(1),
                yield_high=Decimal(1),
                source=_PROGRAM,
            )
