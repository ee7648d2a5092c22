"""What happens to people."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kallari.cedula import digits_of
from kallari.history.context import acting, require_reason
from kallari.refusals import refusal_at
from kallari.search.names import LONGEST_COMPARED, edit_distance
from kallari.search.spelling import search_words
from members.models import BankAccount, Community, Family, Person
from members.services.corrections import assign
from members.services.locks import locked, locked_all
from members.services.requirements import refuse_under_age

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kallari.accounts.models import User

YEARS_APART = 1
"""Birth years that may mean the same person: ages are told, and years are counted back."""

LETTERS_APART = 1
"""Letters by which the sounds of two words may differ and still be one name."""


def probable_duplicates(
    *,
    surnames: str,
    given_names: str,
    community: Community,
    birth_year: int | None = None,
    cedula: str | None = None,
    other_than: uuid.UUID | None = None,
) -> list[Person]:
    """Return the registered people who may be the one described, the surest first.

    The same cédula anywhere; or, in the same community, a similar name and a birth year at most
    one year away or unknown. A name is similar when every word of the shorter one sounds like a
    word of the other, or is one letter away: people have two surnames and use one.
    """
    rows = Person.objects.select_related("family__community")
    if other_than is not None:
        rows = rows.exclude(pk=other_than)
    found: list[Person] = []
    if digits := digits_of(cedula or ""):
        found += rows.filter(cedula=digits)
    near = rows.filter(family__community=community)
    if birth_year is not None:
        near = near.filter(
            models.Q(birth_year=None)
            | models.Q(birth_year__range=(birth_year - YEARS_APART, birth_year + YEARS_APART))
        )
    words = search_words(f"{surnames} {given_names}")[:12]
    similar = [
        person
        for person in near
        if person not in found and similar_names(words, search_words(person.listed_name))
    ]
    return found + similar


def seen_by(actor: User | None, people: Iterable[Person]) -> set[uuid.UUID]:
    """Whose record the account may open, by primary key; all of them without an account."""
    keys = {one.pk for one in people}
    if actor is None or not keys:
        return keys
    return set(Person.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))


def similar_names(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two names may be one, by the sounds of their words (`search_words`): see
    `probable_duplicates`."""
    shorter, longer = sorted((words, others), key=len)
    if len(shorter) < 2:
        return False
    return all(any(_same_word(word, other) for other in longer) for word in shorter)


def _same_word(word: str, other: str) -> bool:
    if word == other:
        return True
    if min(len(word), len(other)) <= 3 or max(len(word), len(other)) > LONGEST_COMPARED:
        return False
    return edit_distance(word, other, at_most=LETTERS_APART) <= LETTERS_APART


def _refuse_duplicates(actor: User | None, person: Person, found: Iterable[Person]) -> None:
    """Name the duplicates to whoever may see them, and of others their community alone: an
    identity number that is tried out must not give away whose it is."""
    people = list(found)
    same = [one for one in people if person.cedula and one.cedula == person.cedula]
    if same and same[0].pk not in seen_by(actor, same):
        raise refusal_at(
            "cedula",
            _(
                "Esa cédula ya está registrada en %(community)s, una comunidad que usted "
                "no tiene a cargo: pregunte a administración."
            ),
            code="cedula_taken",
            params={"community": same[0].community.name},
        )
    if same:
        raise refusal_at(
            "cedula",
            _("Esa cédula es de %(person)s, familia %(family)s."),
            code="cedula_taken",
            params={"person": same[0].name, "family": same[0].family},
        )
    if people:
        raise ValidationError(
            _(
                "Se parece a quien ya está registrada: %(people)s. Si es la misma persona, abra su "
                "ficha; si es otra, confírmelo."
            ),
            code="similar",
            params={
                "people": "; ".join(
                    f"{one.name} ({one.birth_year or '?'}, {one.community.name})"
                    for one in people[:5]
                )
            },
        )


@transaction.atomic
def add_person(
    *,
    actor: User | None,
    family: Family,
    distinct: bool = False,
    reason: str = "",
    key: Any = None,
    **told: Any,
) -> Person:
    """Enter a person into a family.

    Args:
        distinct: somebody has looked, and it is another person in spite of a similar name.
        key: the primary key that a telephone has given it already.
        told: the fields of `Person`.

    Raises:
        ValidationError: ``family_closed``; ``cedula_taken``, never passed over; ``similar`` unless
            `distinct`; what the fields refuse.
    """
    with acting(actor, reason=reason):
        family = locked(family)
        if not family.is_open:
            raise refusal_at(
                "family",
                _("La familia %(family)s está retirada."),
                code="family_closed",
                params={"family": family},
            )
        person = Person(family=family, **told)
        if key is not None:
            person.pk = key
        person.clean_fields()
        person.clean()
        if distinct:
            same = Person.objects.filter(cedula=person.cedula).exclude(cedula=None)
            duplicates = list(same.select_related("family__community"))
        else:
            duplicates = probable_duplicates(
                surnames=person.surnames,
                given_names=person.given_names,
                community=family.community,
                birth_year=person.birth_year,
                cedula=person.cedula,
            )
        _refuse_duplicates(actor, person, duplicates)
        person.full_clean()
        person.save()
    person.refresh_from_db()
    return person


@transaction.atomic
def correct_person(
    *, actor: User | None, person: Person, reason: str, distinct: bool = False, **changes: Any
) -> Person:
    """Correct what is written of a person, all fields but the family and the death.

    Args:
        distinct: somebody has looked, and she is not the one whom she resembles from now on.

    Raises:
        ValidationError: ``reason_required``; ``cedula_taken``, never passed over; ``similar`` when
            she comes to resemble somebody whom she did not resemble before, unless `distinct`;
            ``not_of_age`` when a registered partner would not have been of legal age on the day
            of registration.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        person = locked(person)
        before = _description(person)
        if not assign(person, changes):
            return person
        if "born_on" in changes and "birth_year" not in changes:
            person.birth_year = None if person.born_on is None else person.born_on.year
        if person.cedula:
            same = Person.objects.exclude(pk=person.pk).filter(cedula=digits_of(person.cedula))
            _refuse_duplicates(actor, person, same.select_related("family__community"))
        person.full_clean()
        if not distinct and _description(person) != before:
            known = {one.pk for one in probable_duplicates(**before)}
            found = probable_duplicates(**_description(person))
            _refuse_duplicates(actor, person, [one for one in found if one.pk not in known])
        _refuse_too_young(person)
        person.save()
    person.refresh_from_db()
    return person


def _description(person: Person) -> dict[str, Any]:
    """By what `probable_duplicates` compares a person with the others."""
    return {
        "surnames": person.surnames,
        "given_names": person.given_names,
        "community": person.community,
        "birth_year": person.birth_year,
        "cedula": person.cedula,
        "other_than": person.pk,
    }


def _refuse_too_young(person: Person) -> None:
    for partner in person.partnerships.exclude(registered_on=None):
        assert partner.registered_on is not None  # noqa: S101 - for the type checker
        refuse_under_age(person, partner.registered_on)


@transaction.atomic
def move_person(*, actor: User | None, person: Person, family: Family, reason: str) -> Person:
    """A person goes over to another family: by marriage, or because it was written wrongly.

    Raises:
        ValidationError: ``is_partner`` while a membership stands for the old family;
            ``family_closed``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        families = {one.pk: one for one in locked_all([person.family, family])}
        person = locked(person)
        if person.family_id == family.pk:
            return person
        if not families[family.pk].is_open:
            raise ValidationError(
                _("La familia %(family)s está retirada."),
                code="family_closed",
                params={"family": family},
            )
        if person.partnerships.filter(ended_on=None).exists():
            raise ValidationError(
                _(
                    "Es socia, socio o aspirante por su familia de ahora. Anote primero su salida, "
                    "o quién le sucede."
                ),
                code="is_partner",
            )
        person.family = family
        person.full_clean()
        person.save()
    return person


@transaction.atomic
def add_bank_account(
    *,
    actor: User | None,
    person: Person,
    institution: str,
    kind: str,
    number: str,
    on: date,
    reason: str,
) -> BankAccount:
    """Pay a person to this account from a day on; the one in use until then is closed.

    Raises:
        ValidationError: ``reason_required``: whoever changes where money goes says why.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        person = locked(person)
        for account in person.bank_accounts.select_for_update().filter(closed_on=None):
            account.closed_on = on
            account.full_clean()
            account.save()
        account = BankAccount(person=person, institution=institution, kind=kind, number=number)
        account.full_clean()
        account.save()
    return account


@transaction.atomic
def close_bank_account(
    *, actor: User | None, account: BankAccount, closed_on: date, reason: str
) -> BankAccount:
    """An account is no longer used.

    Raises:
        ValidationError: ``already_closed``; ``reason_required``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        account = locked(account)
        if account.closed_on is not None:
            raise ValidationError(_("Esa cuenta ya no se usa."), code="already_closed")
        account.closed_on = closed_on
        account.full_clean()
        account.save()
    return account
