"""Rows of certification, as the services would make them."""

from __future__ import annotations

import itertools
from datetime import date

from members.models import CertificationScheme, Checklist, ChecklistItem
from members.services import certification, inspections
from tests.members.factories import RESOLUTION, chakra

_numbers = itertools.count(1)
STARTED_ON = date(2022, 11, 1)
"""Thirty-six months later is 1 November 2025 (EU 2018/848, annex II)."""
CERTIFIED_ON = date(2025, 11, 1)


def scheme(code="", **fields):
    code = code or f"esquema-{next(_numbers)}"
    made = CertificationScheme(
        code=code,
        **{
            "name": "Orgánico UE",
            "kind": "organic",
            "has_transition": True,
            "sampling": "percent",
            "limits_the_group": True,
        }
        | fields,
    )
    made.full_clean()
    made.save()
    return made


def fair_trade(**fields):
    return scheme(
        name="Comercio justo", kind="fair_trade", has_transition=False, sampling="none", **fields
    )


def in_transition(of=None, under=None, *, since=STARTED_ON):
    return certification.begin_transition(
        actor=None, chakra=of or chakra(), scheme=under or scheme(), starts_on=since
    )


def certified(of=None, under=None, *, since=STARTED_ON, on=CERTIFIED_ON):
    row = in_transition(of, under, since=since)
    return certification.certify_chakra(
        actor=None, chakra=row.chakra, scheme=row.scheme, starts_on=on, resolution=RESOLUTION
    )


def checklist(under=None, *, year=2026, questions=2):
    made = Checklist(scheme=under or scheme(), year=year)
    made.full_clean()
    made.save()
    for number in range(1, questions + 1):
        item = ChecklistItem(
            checklist=made,
            number=number,
            question=f"¿Pregunta {number}?",
            severity="major" if number == 1 else "minor",
            days_to_correct=30 * number,
        )
        item.full_clean()
        item.save()
    return made


def inspection(of, under=None, *, values=("yes", "yes"), on=date(2026, 3, 10), **fields):
    asked = under or checklist(questions=len(values))
    items = list(asked.items.all())
    return inspections.record_inspection(
        actor=None,
        family=of,
        checklist=asked,
        answers={item.pk: (value, "") for item, value in zip(items, values, strict=True)},
        **{
            "kind": "internal",
            "inspected_on": on,
            "inspector_name": "Inés Prueba",
            "outcome": "approve",
        }
        | fields,
    )


def certificate(under=None, **fields):
    return certification.add_certificate(
        actor=None,
        **{
            "scheme": under or scheme(),
            "number": f"EC-BIO-{next(_numbers)}",
            "body": "Certificadora de Prueba",
            "valid_from": date(2026, 1, 1),
            "valid_until": date(2026, 12, 31),
        }
        | fields,
    )
