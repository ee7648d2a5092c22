"""Schemes, certificates, what each chakra is, and two years of inspections, invented."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kallari.demo import UNTIL
from kallari.history.bulk import bulk_create_with_history
from members.demo import invented
from members.models import (
    Answer,
    Certificate,
    CertificationScheme,
    Chakra,
    ChakraCertification,
    Checklist,
    ChecklistItem,
    CorrectiveAction,
    Finding,
    Inspection,
    Partner,
    Sanction,
    YieldEstimate,
)
from members.rules import TRANSITION_MONTHS
from members.services.certification import Months, stage_dates
from members.services.sampling import draw_sample

if TYPE_CHECKING:
    from random import Random

    from kallari.demo import DemoContext

SCHEMES: tuple[dict[str, Any], ...] = (
    {
        "code": "organic-eu",
        "name": "Orgánico Unión Europea",
        "kind": "organic",
        "norm": "Reglamento (UE) 2018/848",
        "has_transition": True,
        "limits_the_group": True,
        "sampling": "percent",
    },
    {
        "code": "organic-national",
        "name": "Orgánico nacional",
        "kind": "organic",
        "norm": "Normativa de producción orgánica del Ecuador (Agrocalidad)",
        "has_transition": True,
    },
    {
        "code": "nop",
        "name": "USDA NOP",
        "kind": "organic",
        "norm": "7 CFR 205",
        "has_transition": True,
        "sampling": "root",
    },
    {"code": "fairtrade", "name": "Fairtrade", "kind": "fair_trade", "norm": "Fairtrade SPO"},
    {
        "code": "spg-chakra",
        "name": "SPG Sello Chakra",
        "kind": "participatory",
        "norm": "Reglamento del Sello Chakra",
    },
    {
        "code": "deforestation-free",
        "name": "Libre de deforestación",
        "kind": "other",
        "is_sought": True,
    },
    {
        "code": "bpa",
        "name": "Buenas prácticas agropecuarias (BPA)",
        "kind": "other",
        "is_sought": True,
    },
)
"""Those that the association holds and seeks, as the book names them."""

QUESTIONS = (
    ("¿La familia firmó el compromiso y lo conoce?", "minor", 90),
    ("¿El croquis y los linderos coinciden con el terreno?", "minor", 90),
    ("¿No se usó ningún producto químico en la chakra?", "critical", 30),
    ("¿Hay una franja que la separa de cultivos vecinos?", "major", 60),
    ("¿No se quema basura ni rastrojo?", "minor", 60),
    ("¿Hay árboles de sombra y al menos diez especies?", "minor", 180),
    ("¿La cosecha se guarda aparte de la que no es orgánica?", "major", 45),
    ("¿Hay registro de las cosechas y entregas del año?", "minor", 90),
)
SEEN = (
    "Se vio en la visita; se explicó a la familia qué hacer.",
    "Falta en una parte de la chakra, junto al río.",
    "La familia dice que lo hará después de la cosecha.",
)
YEARS = (2025, 2026)
BODIES = {"organic-eu": "Ceres Andina (inventada)", "nop": "Ceres Andina (inventada)"}


def load(context: DemoContext) -> None:
    """Enter schemes and certificates; then, where there are chakras, their histories. Later apps
    find the schemes in ``loaded["schemes"]`` by code."""
    chance = context.random("certification")
    made = bulk_create_with_history(
        [CertificationScheme(**fields) for fields in SCHEMES], actor=None
    )
    schemes = {scheme.code: scheme for scheme in made}
    context.loaded["schemes"] = schemes
    _certificates(schemes)
    checklists = _checklists(schemes)
    group = {partner.family_id for partner in context.loaded["partners"]}
    chakras = list(Chakra.objects.filter(family__in=group).order_by("number"))
    fates = _fates(chance, chakras)
    bulk_create_with_history(_statuses(chance, schemes, fates), actor=None)
    _sanctions(schemes, fates)
    _inspections(chance, checklists, context.loaded["users"])
    _estimates(chance, chakras)
    if chakras:
        draw_sample(
            actor=None, scheme=schemes["organic-eu"], drawn_on=date(2026, 5, 4), seed="guayusa-2026"
        )


def _certificates(schemes: dict[str, CertificationScheme]) -> None:
    rows = []
    for place, code in enumerate(("organic-eu", "organic-national", "nop", "fairtrade")):
        for year in (2025, 2026):
            # The last one of the list ends a few weeks after the last invented day.
            ends = date(year, 12, 31) if place < 3 else UNTIL + timedelta(days=24)
            if place == 3:
                ends = ends if year == 2026 else date(2025, 10, 24)
            rows.append(
                Certificate(
                    scheme=schemes[code],
                    number=f"EC-{code.upper()}-{year}-{117 + place}",
                    body=BODIES.get(code, "Organismo de demostración"),
                    valid_from=date(year, 1, 1) if place < 3 else ends - timedelta(days=364),
                    valid_until=ends,
                    scope="Cacao en grano y guayusa",
                )
            )
    rows.append(
        Certificate(
            scheme=schemes["spg-chakra"],
            number="SPG-2024-031",
            body="Corporación de Asociaciones de la Chakra Amazónica",
            valid_from=date(2024, 7, 1),
            valid_until=date(2026, 6, 30),
        )
    )
    bulk_create_with_history(rows, actor=None)


def _checklists(schemes: dict[str, CertificationScheme]) -> dict[int, Checklist]:
    """The list of each year of the EU scheme, which internal inspections answer."""
    codes = ("organic-eu", "spg-chakra")
    rows = [Checklist(scheme=schemes[code], year=year) for code in codes for year in YEARS]
    bulk_create_with_history(rows, actor=None)
    bulk_create_with_history(
        [
            ChecklistItem(
                checklist=row,
                number=number,
                question=question,
                severity=severity,
                days_to_correct=days,
            )
            for row in rows
            for number, (question, severity, days) in enumerate(QUESTIONS, 1)
        ],
        actor=None,
    )
    return {row.year: row for row in rows if row.scheme_id == schemes["organic-eu"].pk}


# --- Chakras --------------------------------------------------------------------------------------


def _fates(chance: Random, chakras: list[Chakra]) -> list[tuple[Chakra, date, str]]:
    """When each chakra began its transition, and what became of it. A family shares its fate: it
    is inspected and sanctioned as one."""
    of_family: dict[Any, tuple[date, str]] = {}
    fates = []
    for chakra in chakras:
        if chakra.family_id not in of_family:
            fate = chance.choices(
                ("certified", "transition", "suspended", "excluded", "outside"),
                (66, 18, 3, 2, 11),
            )[0]
            first = date(2019, 3, 1) if fate != "transition" else date(2023, 11, 15)
            span = 1100 if fate != "transition" else 900
            of_family[chakra.family_id] = first + timedelta(days=chance.randrange(span)), fate
        if (chosen := of_family[chakra.family_id])[1] != "outside":
            fates.append((chakra, *chosen))
    return fates


SANCTIONED_ON = date(2026, 4, 20)
RESOLUTION = "Comité de certificación, acta 2026-03"


def _statuses(
    chance: Random,
    schemes: dict[str, CertificationScheme],
    fates: list[tuple[Chakra, date, str]],
) -> list[ChakraCertification]:
    rule = TRANSITION_MONTHS.through_time()
    rows: list[ChakraCertification] = []
    for chakra, started_on, fate in fates:
        for code in ("organic-eu", "organic-national", "nop"):
            if code == "nop" and fate == "transition":
                continue
            rows += _organic(chakra, schemes[code], started_on, fate, rule)
        if fate != "transition":
            rows.append(
                ChakraCertification(
                    chakra=chakra,
                    scheme=schemes["fairtrade"],
                    status="certified",
                    starts_on=date(2022, 10, 1),
                    resolution="Informe de auditoría 2022",
                )
            )
        if chance.random() < 0.6:
            rows.append(
                ChakraCertification(
                    chakra=chakra,
                    scheme=schemes["spg-chakra"],
                    status="certified",
                    starts_on=date(2024, 7, 1),
                    resolution="Comité del Sello Chakra, acta 12",
                )
            )
    return rows


def _organic(
    chakra: Chakra, scheme: CertificationScheme, started_on: date, fate: str, rule: Months
) -> list[ChakraCertification]:
    turns: list[tuple[str, date, str]] = [
        (str(stage), first, "")
        for stage, first in stage_dates(started_on, rule).items()
        if first <= UNTIL
    ]
    if fate != "transition":
        certified_on = turns[-1][1] + timedelta(days=75)
        turns.append(("certified", certified_on, "Informe de la certificadora"))
    if fate in {"suspended", "excluded"}:
        turns.append((fate, SANCTIONED_ON, RESOLUTION))
    ends: list[date | None] = [*(first for _status, first, _said in turns[1:]), None]
    return [
        ChakraCertification(
            chakra=chakra,
            scheme=scheme,
            status=status,
            starts_on=first,
            ends_on=end,
            transition_started_on=started_on,
            resolution=said,
        )
        for (status, first, said), end in zip(turns, ends, strict=True)
    ]


def _sanctions(
    schemes: dict[str, CertificationScheme], fates: list[tuple[Chakra, date, str]]
) -> None:
    kinds = {"suspended": "suspension", "excluded": "exclusion"}
    families = {chakra.family_id: fate for chakra, _started, fate in fates if fate in kinds}
    bulk_create_with_history(
        [
            Sanction(
                family_id=family,
                scheme=schemes["organic-eu"],
                kind=kinds[fate],
                starts_on=SANCTIONED_ON,
                resolution=RESOLUTION,
                note="Se encontró un envase de herbicida en la chakra."
                if fate == "excluded"
                else "Dos años sin corregir lo acordado.",
            )
            for family, fate in families.items()
        ],
        actor=None,
    )


# --- Inspections ----------------------------------------------------------------------------------


def _inspections(chance: Random, checklists: dict[int, Checklist], users: dict[str, Any]) -> None:
    """Each year a visit to nearly every family of the group; some are still to come."""
    inspector = users["tecnico"]
    listed = ChakraCertification.objects.filter(scheme__code="organic-eu")
    families = list(
        Partner.objects.members_on(UNTIL)
        .filter(family__in=listed.values("chakra__family"))
        .order_by("number")
        .values_list("family", flat=True)
    )
    visits: list[Inspection] = []
    for year, share in zip(YEARS, (0.98, 0.86), strict=True):
        for family in families:
            if chance.random() > share:
                continue
            day = date(year, 1, 20) + timedelta(days=chance.randrange(200))
            visits.append(
                Inspection(
                    id=invented.key(chance),
                    family_id=family,
                    checklist=checklists[year],
                    kind="internal",
                    inspected_on=day,
                    inspector=inspector,
                    inspector_name=inspector.full_name,
                    outcome="approve",
                    present="La socia o el socio",
                )
            )
    items = {year: list(checklist.items.all()) for year, checklist in checklists.items()}
    answers: list[Answer] = []
    findings: list[Finding] = []
    for visit in visits:
        for item in items[visit.inspected_on.year]:
            grave = item.severity == "critical"
            is_wrong = chance.random() < (0.002 if grave else 0.03)
            said = chance.choice(SEEN) if is_wrong else ""
            value = "no" if is_wrong else "yes"
            answers.append(Answer(inspection=visit, item=item, value=value, note=said))
            if is_wrong:
                visit.outcome = "refuse" if grave else "conditions"
                findings.append(
                    Finding(inspection=visit, item=item, severity=item.severity, description=said)
                )
    bulk_create_with_history(visits, actor=None)
    bulk_create_with_history(answers, actor=None)
    bulk_create_with_history(findings, actor=None)
    bulk_create_with_history([_action(chance, finding) for finding in findings], actor=None)


def _action(chance: Random, finding: Finding) -> CorrectiveAction:
    """Most are done in their time; some are overdue on the last invented day."""
    visit, item = finding.inspection, finding.item
    days = item.days_to_correct if item is not None else 60
    due_on = visit.inspected_on + timedelta(days=days)
    closed_on = visit.inspected_on + timedelta(days=chance.randrange(10, days + 10))
    is_done = closed_on <= UNTIL and chance.random() < 0.85
    return CorrectiveAction(
        finding=finding,
        what=f"Corregir: «{item.question}»"[:300]
        if item is not None
        else finding.description[:300],
        due_on=due_on,
        closed_on=closed_on if is_done else None,
        evidence="Se volvió a la chakra y ya está corregido." if is_done else "",
    )


def _estimates(chance: Random, chakras: list[Chakra]) -> None:
    """About two quintals of dry cocoa a hectare (the book), and a few sacks of guayusa leaf. In
    kilos as they are delivered: wet cocoa, of which 0.390 is left when dry."""
    rows = []
    for chakra in chakras:
        area = chakra.declared_area_ha or Decimal(1)
        for year in YEARS:
            kg = (
                area
                * Decimal("90.72")
                / Decimal("0.390")
                * Decimal(chance.randrange(70, 131))
                / 100
            )
            rows.append(_estimate(chakra, "cocoa", year, kg))
            if chance.random() < 0.4:
                rows.append(_estimate(chakra, "guayusa", year, Decimal(chance.randrange(40, 400))))
    bulk_create_with_history(rows, actor=None)


def _estimate(chakra: Chakra, product: str, year: int, kg: Decimal) -> YieldEstimate:
    return YieldEstimate(
        chakra=chakra,
        product=product,
        year=year,
        estimated_kg=kg.quantize(Decimal("0.1")),
        estimated_on=date(year, 2, 15),
        basis="Plantas en producción y cosecha anterior",
    )
