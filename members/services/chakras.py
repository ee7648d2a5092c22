"""What happens to chakras: taken down, measured, verified, disputed, given up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from kallari.dates import refuse_future
from kallari.files.services import store_photograph
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from members.geometry import measures
from members.geometry.validity import Checked, Limits, check
from members.models import (
    Chakra,
    ChakraConflict,
    ChakraCrop,
    ChakraGeometry,
    ChakraPhotograph,
    Family,
)
from members.rules import OVERLAP_TOLERANCE_M2, POINT_MAX_HA
from members.services.certification import end_with_chakra
from members.services.corrections import assign, refuse_other_fields
from members.services.locks import lock_numbers, locked, next_number

if TYPE_CHECKING:
    from django.core.files import File

    from kallari.accounts.models import User
    from kallari.files.cleaning import CleanFile

GeoJSON = dict[str, Any]
FIRST_SATELLITES = date(1990, 1, 1)
"""Nobody in the villages measured a chakra before."""


def lock_boundaries() -> None:
    """Let one transaction at a time change where chakras lie, so that of two overlapping
    boundaries at once the second sees the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members_chakra_boundaries'))")


def limits_on(day: date) -> Limits:
    """The areas that are taken on a day; the largest point is the rule ``chakra.point_max_ha``."""
    return Limits(largest_point_ha=POINT_MAX_HA.on(day))


@transaction.atomic
def add_chakra(
    *,
    actor: User | None,
    family: Family,
    key: Any = None,
    reason: str = "",
    **told: Any,
) -> Chakra:
    """Enter a chakra of a family, under the next number; where it lies comes with `set_geometry`.

    Args:
        key: the primary key that a telephone has given it already.
        told: the fields of `Chakra` that are no events.

    Raises:
        ValidationError: ``family_closed``; what the fields refuse.
    """
    with acting(actor, reason=reason):
        lock_numbers("chakra")
        family = locked(family)
        _refuse_closed_family(family)
        chakra = Chakra(number=next_number(Chakra), family=family, **told)
        if key is not None:
            chakra.pk = key
        chakra.full_clean()
        chakra.save()
    return chakra


def _refuse_closed_family(family: Family) -> None:
    if not family.is_open:
        raise ValidationError(
            _("La familia %(family)s está retirada.") % {"family": family}, code="family_closed"
        )


CORRECTABLE = frozenset({"name", "declared_area_ha", "tenure", "shade", "species_count", "note"})


@transaction.atomic
def correct_chakra(*, actor: User | None, chakra: Chakra, reason: str, **changes: Any) -> Chakra:
    """Correct what is written of a chakra, all but where it lies and its state.

    Raises:
        ValidationError: ``reason_required``; what the fields refuse.
        TypeError: a field that an event decides.
    """
    refuse_other_fields(changes, CORRECTABLE)
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        chakra = locked(chakra)
        if "declared_area_ha" in changes and changes["declared_area_ha"] != chakra.declared_area_ha:
            _refuse_area_of_point(chakra)
        if assign(chakra, changes):
            chakra.full_clean()
            chakra.save()
    return chakra


def _refuse_area_of_point(chakra: Chakra) -> None:
    """The declared area of a point is part of its measurement, with the limit for points."""
    if chakra.geometries.filter(is_current=True, kind=ChakraGeometry.Kind.POINT).exists():
        raise refusal_at(
            "declared_area_ha",
            _("La chakra se marca con un punto: anote otra vez dónde queda, con su área."),
            code="area_of_point",
        )


# --- Where it lies --------------------------------------------------------------------------------


@transaction.atomic
def set_geometry(
    *,
    actor: User | None,
    chakra: Chakra,
    geometry: object,
    captured_on: date,
    method: str,
    captured_by: str = "",
    accuracy_m: Decimal | None = None,
    declared_area_ha: Decimal | None = None,
    noticed: Iterable[str] = (),
    reason: str = "",
) -> ChakraGeometry:
    """Keep where a chakra lies: the next version of its geometry.

    A verified chakra waits for verification again. Overlaps with other families' chakras become
    conflicts; those that are gone are closed.

    Args:
        geometry: a GeoJSON Point or Polygon, as parsed.
        declared_area_ha: of a point; without it, the chakra's declared area.
        noticed: what was noticed while reading; what checking notices is added.

    Raises:
        ValidationError: see `members.geometry.validity.check`; ``own_overlap`` with another
            chakra of the same family; ``closed``; ``impossible_day``.
    """
    reason = reason or _("medición del %(day)s") % {
        "day": date_format(captured_on, "SHORT_DATE_FORMAT")
    }
    with acting(actor, reason=reason):
        lock_boundaries()
        chakra = locked(chakra)
        if not chakra.is_open:
            raise ValidationError(_("La chakra está dejada."), code="closed")
        if not FIRST_SATELLITES <= captured_on <= timezone.localdate():
            raise refusal_at(
                "captured_on", _("Revise el día de la medición."), code="impossible_day"
            )
        declared = declared_area_ha if declared_area_ha is not None else chakra.declared_area_ha
        checked = check(geometry, declared_area_ha=declared, limits=limits_on(captured_on))
        overlaps = _overlaps(chakra, checked.geometry, captured_on)
        version = _next_version(chakra, checked, [*noticed, *checked.noticed])
        version.method, version.accuracy_m = method, accuracy_m
        version.captured_on, version.captured_by = captured_on, captured_by
        version.full_clean()
        version.save()
        if chakra.state == Chakra.State.VERIFIED:
            chakra.state = Chakra.State.DRAFT
        if declared_area_ha is not None:
            chakra.declared_area_ha = declared_area_ha
        chakra.full_clean()
        chakra.save()
        _settle_conflicts(chakra, overlaps, settled=not version.is_point)
    return version


def _next_version(chakra: Chakra, checked: Checked, noticed: list[str]) -> ChakraGeometry:
    """Take the present version back, and return the next one, not yet saved."""
    last = chakra.geometries.select_for_update().order_by("-version").first()
    if last is not None and last.is_current:
        last.is_current = False
        last.save()
    box = measures.box(checked.geometry)
    return ChakraGeometry(
        chakra=chakra,
        version=1 if last is None else last.version + 1,
        kind=checked.geometry["type"],
        geometry=checked.geometry,
        area_ha=checked.area_ha,
        perimeter_m=(
            measures.perimeter_m(checked.geometry)
            if checked.geometry["type"] == ChakraGeometry.Kind.POLYGON
            else None
        ),
        west=_millionths(box.west),
        south=_millionths(box.south),
        east=_millionths(box.east),
        north=_millionths(box.north),
        noticed="\n".join(dict.fromkeys(noticed)),
    )


def _millionths(degrees: float) -> Decimal:
    return Decimal(repr(degrees)).quantize(Decimal("0.000001"))


Overlap = tuple[Chakra, Decimal, list[GeoJSON]]


def _overlaps(chakra: Chakra, geometry: GeoJSON, day: date) -> list[Overlap]:
    """The chakras of other families that a boundary lies on, above the tolerance of that day.

    Raises:
        ValidationError: ``own_overlap``.
    """
    if geometry["type"] != ChakraGeometry.Kind.POLYGON:
        return []
    tolerance = OVERLAP_TOLERANCE_M2.on(day)
    box = measures.box(geometry)
    near = (
        ChakraGeometry.objects.present()
        .polygons()
        .exclude(chakra=chakra)
        .meeting(*(_millionths(side) for side in (box.west, box.south, box.east, box.north)))
        .select_related("chakra__family")
    )
    found: list[Overlap] = []
    for other in near:
        shared = measures.overlap_m2(geometry, other.geometry)
        if shared <= tolerance:
            continue
        if other.chakra.family_id == chakra.family_id:
            raise ValidationError(
                _(
                    "El lindero está encima de %(chakra)s, de la misma familia, en %(area)s m²: "
                    "esa tierra contaría dos veces. Corrija uno de los dos linderos."
                )
                % {"chakra": other.chakra, "area": number_format(shared)},
                code="own_overlap",
            )
        found.append((other.chakra, shared, measures.overlap(geometry, other.geometry)))
    return found


def _settle_conflicts(chakra: Chakra, overlaps: list[Overlap], *, settled: bool = True) -> None:
    """Open a conflict for each overlap, bring open ones up to date, close those that are gone.

    Args:
        settled: another boundary shows where the land ends. A point shows nothing: the conflict
            waits for somebody's decision.
    """
    today = timezone.localdate()
    undecided = ChakraConflict.objects.of(chakra).undecided().select_for_update()
    waiting = {frozenset((one.one_id, one.other_id)): one for one in undecided}
    for other, area, common in overlaps:
        conflict = waiting.pop(frozenset((chakra.pk, other.pk)), None)
        if conflict is None:
            first, second = sorted((chakra, other), key=lambda one: one.pk)
            conflict = ChakraConflict(one=first, other=second, found_on=today)
        conflict.overlap_m2, conflict.overlap = area, common
        conflict.full_clean()
        conflict.save()
    for gone in waiting.values() if settled else ():
        gone.outcome = ChakraConflict.Outcome.CORRECTED
        gone.decided_on = today
        gone.decision = _("Con el lindero nuevo de %(chakra)s ya no se encima nada.") % {
            "chakra": chakra.code
        }
        gone.full_clean()
        gone.save()


@transaction.atomic
def decide_conflict(
    *, actor: User | None, conflict: ChakraConflict, outcome: str, decision: str
) -> ChakraConflict:
    """Decide whose the common part is, and say why; the chakras can then be verified.

    Raises:
        ValidationError: ``already_decided``; ``reason_required``.
    """
    decision = require_reason(decision)
    with acting(actor, reason=decision):
        lock_boundaries()
        conflict = locked(conflict)
        if not conflict.is_open:
            raise ValidationError(_("Este conflicto ya está decidido."), code="already_decided")
        conflict.outcome, conflict.decision = outcome, decision
        conflict.decided_on = timezone.localdate()
        conflict.full_clean()
        conflict.save()
    return conflict


# --- Its state ------------------------------------------------------------------------------------


@transaction.atomic
def verify_chakra(*, actor: User | None, chakra: Chakra, reason: str) -> Chakra:
    """The association stands for what is written of a chakra.

    Raises:
        ValidationError: ``closed``; ``no_geometry``; ``in_conflict``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lock_boundaries()
        chakra = locked(chakra)
        if not chakra.is_open:
            raise ValidationError(_("La chakra está dejada."), code="closed")
        if not chakra.geometries.filter(is_current=True).exists():
            raise ValidationError(
                _("Falta dónde queda: registre su lindero o su punto."), code="no_geometry"
            )
        conflict = ChakraConflict.objects.of(chakra).undecided().first()
        if conflict is not None:
            raise ValidationError(
                _("Hay un conflicto de linderos sin decidir: %(conflict)s. Decídalo antes.")
                % {"conflict": conflict},
                code="in_conflict",
            )
        return _become(chakra, Chakra.State.VERIFIED)


@transaction.atomic
def suspend_chakra(*, actor: User | None, chakra: Chakra, reason: str) -> Chakra:
    """The association no longer stands for a chakra until it is verified again.

    Raises:
        ValidationError: ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        return _become(locked(chakra), Chakra.State.SUSPENDED)


def _become(chakra: Chakra, state: str) -> Chakra:
    if chakra.state != state:
        chakra.state = state
        chakra.full_clean()
        chakra.save()
    return chakra


@transaction.atomic
def close_chakra(*, actor: User | None, chakra: Chakra, closed_on: date, reason: str) -> Chakra:
    """A family no longer works a chakra; its open conflicts end with it, and what it is under
    the schemes.

    Raises:
        ValidationError: ``already_closed``; ``in_the_future``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lock_boundaries()
        chakra = locked(chakra)
        if not chakra.is_open:
            raise ValidationError(_("La chakra ya está dejada."), code="already_closed")
        refuse_future("closed_on", closed_on)
        end_with_chakra(chakra, closed_on)
        chakra.closed_on = closed_on
        chakra.state = Chakra.State.DRAFT
        chakra.full_clean()
        chakra.save()
        for conflict in ChakraConflict.objects.of(chakra).undecided().select_for_update():
            conflict.outcome = ChakraConflict.Outcome.GIVEN_UP
            conflict.decided_on, conflict.decision = timezone.localdate(), reason
            conflict.full_clean()
            conflict.save()
    return chakra


@transaction.atomic
def reopen_chakra(*, actor: User | None, chakra: Chakra, reason: str) -> Chakra:
    """A family works a chakra again; overlaps that came meanwhile become conflicts. What it was
    under a scheme has ended: it is decided anew.

    Raises:
        ValidationError: ``not_closed``; ``family_closed``; ``own_overlap``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lock_boundaries()
        family = locked(chakra.family)
        chakra = locked(chakra)
        if chakra.closed_on is None:
            raise ValidationError(_("La chakra no está dejada."), code="not_closed")
        _refuse_closed_family(family)
        end_with_chakra(chakra, chakra.closed_on)  # what was corrected or brought in meanwhile
        chakra.closed_on = None
        chakra.full_clean()
        chakra.save()
        present = chakra.geometries.filter(is_current=True).first()
        if present is not None:
            overlaps = _overlaps(chakra, present.geometry, timezone.localdate())
            _settle_conflicts(chakra, overlaps)
    return chakra


# --- What grows, what it looks like ---------------------------------------------------------------


@transaction.atomic
def set_crops(
    *,
    actor: User | None,
    chakra: Chakra,
    crops: Iterable[Mapping[str, Any]],
    reason: str,
) -> list[ChakraCrop]:
    """Write the list of crops anew: lines that are new, changed or gone, each with history.

    Args:
        crops: of each line ``crop``, ``variety``, ``area_ha``, ``plants``, ``planted_in``; two
            lines of one crop and variety are refused.

    Raises:
        ValidationError: ``reason_required``; ``crop_twice``; what the fields refuse.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        chakra = locked(chakra)
        known = {(line.crop, line.variety): line for line in chakra.crops.select_for_update()}
        written: dict[tuple[str, str], ChakraCrop] = {}
        for told in crops:
            pair = (told["crop"], " ".join(str(told.get("variety", "")).split()))
            if pair in written:
                raise ValidationError(
                    _("Ese cultivo y esa variedad ya están en la lista."), code="crop_twice"
                )
            line = known.pop(pair, None)
            changes = {name: told.get(name) for name in ("area_ha", "plants", "planted_in")}
            if line is None:
                line = ChakraCrop(chakra=chakra, crop=pair[0], variety=pair[1], **changes)
            elif not assign(line, changes):
                written[pair] = line
                continue
            line.full_clean()
            line.save()
            written[pair] = line
        for line in known.values():
            line.delete()
    return list(written.values())


@transaction.atomic
def add_chakra_photograph(
    *,
    actor: User,
    chakra: Chakra,
    upload: CleanFile | File[bytes] | bytes,
    taken_on: date,
    caption: str = "",
) -> ChakraPhotograph:
    """Keep what a chakra looked like on a day.

    Raises:
        ValidationError: ``in_the_future``; see `kallari.files.services.store_photograph`.
    """
    with acting(actor):
        chakra = locked(chakra)
        refuse_future("taken_on", taken_on)
        stored = store_photograph(actor=actor, upload=upload)
        photograph = ChakraPhotograph(
            chakra=chakra, file=stored, taken_on=taken_on, caption=caption
        )
        photograph.full_clean()
        photograph.save()
    return photograph
