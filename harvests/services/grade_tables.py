"""The tables by which harvests are graded: drafted, published, confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import Grade, GradeEdition, Product, Variety
from kallari.history.context import acting, require_reason
from members.services.corrections import assign, refuse_other_fields
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User

EDITION_FIELDS = frozenset({"name", "edition", "valid_from", "source", "note"})
GRADE_FIELDS = frozenset(
    {
        "position",
        "code",
        "name",
        "variety",
        "weight_min_g",
        "weight_max_g",
        "well_fermented_min",
        "fermented_min",
        "violet_max",
        "slaty_max",
        "mouldy_max",
    }
)


@transaction.atomic
def draft_edition(
    *,
    actor: User | None,
    product: Product,
    name: str,
    edition: str,
    source: str,
    valid_from: date | None = None,
    note: str = "",
    like: GradeEdition | None = None,
    reason: str = "",
) -> GradeEdition:
    """Begin a table that grades nothing until it is published.

    Args:
        like: a table of the same product whose grades it begins with.

    Raises:
        ValidationError: what the constraints say.
    """
    with acting(actor, reason=reason):
        made = GradeEdition(
            product=product,
            name=name,
            edition=edition,
            source=source,
            valid_from=valid_from,
            note=note,
        )
        made.full_clean()
        made.save()
        for grade in like.grades.filter(edition__product=product) if like else ():
            told = {field: getattr(grade, field) for field in GRADE_FIELDS}
            add_grade(actor=actor, edition=made, **told)
    return made


@transaction.atomic
def correct_edition(
    *, actor: User | None, edition: GradeEdition, reason: str, **changes: Any
) -> GradeEdition:
    """Correct what a draft says of itself (`EDITION_FIELDS`).

    Raises:
        ValidationError: ``reason_required``; ``published``.
    """
    refuse_other_fields(changes, EDITION_FIELDS)
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        edition = _draft(edition)
        if assign(edition, changes):
            edition.full_clean()
            edition.save()
    return edition


@transaction.atomic
def add_grade(
    *,
    actor: User | None,
    edition: GradeEdition,
    position: int,
    code: str,
    name: str,
    variety: Variety | None = None,
    reason: str = "",
    **limits: Any,
) -> Grade:
    """Add a grade to a draft, with its limits (`GRADE_FIELDS`).

    Raises:
        ValidationError: ``published``; ``other_product``: the variety is of another; what the
            constraints say.
    """
    refuse_other_fields(limits, GRADE_FIELDS)
    with acting(actor, reason=reason):
        edition = _draft(edition)
        grade = Grade(
            edition=edition, position=position, code=code, name=name, variety=variety, **limits
        )
        _refuse_other_product(grade)
        grade.full_clean()
        grade.save()
    return grade


@transaction.atomic
def correct_grade(*, actor: User | None, grade: Grade, reason: str, **changes: Any) -> Grade:
    """Correct a grade of a draft (`GRADE_FIELDS`).

    Raises:
        ValidationError: as `add_grade`; ``reason_required``.
    """
    refuse_other_fields(changes, GRADE_FIELDS)
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        _draft(grade.edition)
        grade = locked(grade)
        if assign(grade, changes):
            _refuse_other_product(grade)
            grade.full_clean()
            grade.save()
    return grade


@transaction.atomic
def remove_grade(*, actor: User | None, grade: Grade, reason: str) -> GradeEdition:
    """Take a grade out of a draft, and return the draft.

    Raises:
        ValidationError: ``reason_required``; ``published``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        edition = _draft(grade.edition)
        locked(grade).delete()
    return edition


@transaction.atomic
def publish_edition(*, actor: User | None, edition: GradeEdition, reason: str) -> GradeEdition:
    """Grade by a table from its first day on. Nothing that was graded changes.

    Raises:
        ValidationError: ``reason_required``; ``published`` already; ``no_grades``;
            ``one_table_of_grades_a_day``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        edition = _draft(edition)
        if not edition.grades.exists():
            raise ValidationError(_("La tabla no tiene grados: añada al menos uno."), "no_grades")
        edition.published_at = timezone.now()
        edition.full_clean()
        edition.save()
    return edition


@transaction.atomic
def confirm_edition(*, actor: User | None, edition: GradeEdition, reason: str) -> GradeEdition:
    """Somebody at the association has compared a table with the norm, and it is so.

    Raises:
        ValidationError: ``reason_required``; ``already_confirmed``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        edition = locked(edition)
        if edition.confirmed:
            raise ValidationError(_("Esta tabla ya está confirmada."), code="already_confirmed")
        edition.confirmed = True
        edition.full_clean()
        edition.save()
    return edition


def grades_for(edition: GradeEdition, variety: Variety | None) -> Iterable[Grade]:
    """The grades of a table that beans of a variety may be of, best first: its own where it has
    any, else those of no variety."""
    grades = list(edition.grades.order_by("position"))
    own = [one for one in grades if variety is not None and one.variety_id == variety.pk]
    return own or [one for one in grades if one.variety_id is None]


def _draft(edition: GradeEdition) -> GradeEdition:
    edition = locked(edition)
    if edition.is_published:
        raise ValidationError(
            _("Una tabla publicada no cambia: haga otra edición."), code="published"
        )
    return edition


def _refuse_other_product(grade: Grade) -> None:
    if grade.variety is not None and grade.variety.product_id != grade.edition.product_id:
        raise ValidationError(
            {"variety": ValidationError(_("Esa variedad es de otro producto."), "other_product")}
        )
