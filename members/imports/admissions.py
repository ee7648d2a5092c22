"""What the rows of a register say of memberships, held against what is registered.

Planning asks the database once, for everything; writing goes through the services, which ask again
under lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kallari.imports.plans import Difference
from members.imports.register_cells import Said
from members.models import Partner, Person, TradeEvidence
from members.models.partner import Standing
from members.products import TradedProduct
from members.rules import MINIMUM_AGE, TRADE_DAYS, TRADE_PRODUCTS
from members.services import partners as services
from members.services import requirements
from members.services.locks import next_number
from members.trade import Trade, trade_of

if TYPE_CHECKING:
    from kallari.accounts.models import User

ENDS = {
    Said.LEFT: Partner.Ending.LEFT,
    Said.EXPELLED: Partner.Ending.EXPELLED,
    Said.DIED: Partner.Ending.DIED,
}
_MEMBERS = {Standing.REGISTERED, Standing.SUSPENDED}


@dataclass
class Membership:
    """What a row says of a membership; None and "" where it says nothing."""

    applied_on: date | None = None
    registered_on: date | None = None
    resolution: str = ""
    number: int | None = None
    state: Said | None = None
    state_on: date | None = None
    state_resolution: str = ""

    @property
    def is_told(self) -> bool:
        if self.state is Said.NONE:
            return False
        told = self.applied_on or self.registered_on or self.resolution or self.number
        return bool(told or self.state)

    @property
    def admission(self) -> dict[str, Any]:
        """What is told of the admission, by field of `Partner`."""
        told = {
            "number": self.number,
            "applied_on": self.applied_on,
            "registered_on": self.registered_on,
            "resolution": self.resolution,
        }
        return {name: value for name, value in told.items() if value}

    def meant(self, held: Iterable[Partner]) -> Partner | None:
        """Which of a person's memberships this is: the one of that number, of that day, or the
        present one; None when it is another, or the first."""
        rows = sorted(held, key=lambda one: (one.ended_on is None, one.applied_on))
        for partner in rows:
            if self.number is not None and partner.number == self.number:
                return partner
        for partner in rows:
            if self.registered_on is not None and partner.registered_on == self.registered_on:
                return partner
        if not rows:
            return None
        newest = rows[-1]
        began = self.registered_on or self.applied_on
        if newest.ended_on is not None and began is not None and began >= newest.ended_on:
            return None
        return newest


@dataclass
class Evidence:
    """What a row says of trade before this system."""

    product: TradedProduct
    first_on: date
    last_on: date
    document: str

    def reference(self, source: str, row: int) -> str:
        """The paper as it is kept: what the file says of it, and which row of which file."""
        place = _("%(file)s, fila %(row)s") % {"file": source[:100], "row": row}
        return "; ".join(part for part in (self.document, place) if part)


@dataclass
class Verdict:
    """What would come of one row's membership. Problems are pairs of a column and a sentence."""

    problems: list[tuple[str, str]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def refuse(self, column: str, sentence: str) -> None:
        self.problems.append((column, sentence))


@dataclass
class _Place:
    """Who holds a family's one place, and when."""

    start: date
    end: date | None
    who: str
    key: Any


class Admissions:
    """Memberships, trade, numbers and rules as they are now, and as the rows so far would make
    them.

    Args:
        headings: what the columns are called, by name.
    """

    def __init__(self, headings: dict[str, str]) -> None:
        self._headings = headings
        self.today = timezone.localdate()
        self._years = MINIMUM_AGE.through_time()
        self._days = TRADE_DAYS.through_time()
        self._counted = TRADE_PRODUCTS.through_time()
        self._held: dict[UUID, list[Partner]] = defaultdict(list)
        self._places: dict[Hashable, list[_Place]] = defaultdict(list)
        self._numbers: dict[int, tuple[Any, str]] = {}
        self._trades: dict[Hashable, list[Trade]] = defaultdict(list)
        families = set()
        for partner in Partner.objects.select_related("person").prefetch_related("suspensions"):
            self._held[partner.person_id].append(partner)
            families.add(partner.family_id)
            if partner.number is not None:
                self._numbers[partner.number] = (partner.pk, partner.person.name)
            if partner.registered_on is not None:
                who = f"{partner.person.name} (N.º {partner.number})"
                place = _Place(partner.registered_on, partner.ended_on, who, partner.pk)
                self._places[partner.family_id].append(place)
        self._papers: dict[UUID, set[tuple[str, date, date]]] = defaultdict(set)
        for paper in TradeEvidence.objects.order_by():
            self._papers[paper.family_id].add((paper.product, paper.first_on, paper.last_on))
            families.add(paper.family_id)
        for family, trades in trade_of(families, self.today).items():
            self._trades[family] = trades

    @property
    def highest_number(self) -> int:
        """The highest that is registered or stands in the file."""
        return max(self._numbers, default=0)

    def add_evidence(self, evidence: Evidence, family: Hashable) -> Difference | None:
        """Let a row's evidence count for its family; return what it adds, None when it is known."""
        told = (evidence.product, evidence.first_on, evidence.last_on)
        if isinstance(family, UUID) and told in self._papers.get(family, ()):
            return None
        trade = Trade(*told, shown_by=evidence.document)
        if trade in self._trades[family]:
            return None
        self._trades[family].append(trade)
        words = f"{evidence.product.label}, {_short(evidence.first_on)}"
        return Difference(self._headings["traded_since"], "", words)

    def judge(
        self,
        told: Membership,
        *,
        row: int,
        name: str,
        person: Person | None,
        born_on: date | None,
        family: Hashable,
    ) -> Verdict:
        """Say what would come of a membership.

        Args:
            person: whose it is, when she is registered already.
            family: the key of the registered family, or what stands for one that is to be made.
        """
        verdict = Verdict()
        if not told.is_told:
            return verdict
        held = told.meant(self._held.get(person.pk, ())) if person is not None else None
        self._check_days(told, held, verdict)
        if verdict.problems:
            return verdict
        key: Any = held.pk if held is not None else ("row", row)
        if told.number is not None:
            owner, who = self._numbers.setdefault(told.number, (key, _in_row(name, row)))
            if owner != key:
                sentence = _("El número %(number)s ya es de %(who)s.")
                verdict.refuse("number", sentence % {"number": told.number, "who": who})
        if held is not None and held.registered_on is not None:
            self._correct(told, held, born_on, verdict)
        elif told.registered_on is not None:
            if person is not None and not person.is_alive:
                verdict.refuse("", _("En el registro consta que falleció."))
            self._admit(told, born_on, family, _in_row(name, row), key, verdict)
        if not verdict.problems:
            self._tell_differences(told, held, verdict)
        return verdict

    def _check_days(self, told: Membership, held: Partner | None, verdict: Verdict) -> None:
        """What must be told together, and in which order."""
        registered = held is not None and held.registered_on is not None
        for column in ("applied_on", "registered_on", "state_on"):
            day = getattr(told, column)
            if day is not None and day > self.today:
                verdict.refuse(column, _("Ese día todavía no llega."))
        if told.registered_on is None and not registered:
            only_asks = told.state in {None, Said.APPLICANT} and told.admission.keys() <= {
                "applied_on"
            }
            if not only_asks:
                verdict.refuse("registered_on", _("Falta la fecha de registro."))
            elif held is None and told.applied_on is None:
                verdict.refuse("applied_on", _("Falta la fecha de la solicitud."))
        if told.registered_on is not None and not told.resolution and not registered:
            verdict.refuse("resolution", _("Falta la resolución que la admite."))
        if told.state is Said.APPLICANT and told.registered_on is not None:
            sentence = _("Dice que es aspirante, pero lleva fecha de registro.")
            verdict.refuse("state", sentence)
        applied_on = told.applied_on or (held.applied_on if held is not None else None)
        if applied_on and told.registered_on and told.registered_on < applied_on:
            verdict.refuse("registered_on", _("El registro no puede ser anterior a la solicitud."))
        self._check_state(told, held, verdict)

    def _check_state(self, told: Membership, held: Partner | None, verdict: Verdict) -> None:
        """Whether the state can follow from what is registered."""
        now = held.standing_on(self.today) if held is not None else None
        if told.state is None:
            return
        if told.state is Said.APPLICANT:
            if now not in {None, Standing.APPLICANT}:
                self._refuse_state(now, verdict)
            return
        if held is not None and held.registered_on is not None:
            if now == told.state.value:
                return
            if now not in _MEMBERS or (told.state is Said.REGISTERED and now is Standing.SUSPENDED):
                self._refuse_state(now, verdict)
                return
        if told.state is Said.REGISTERED:
            return
        if told.state_on is None:
            verdict.refuse("state_on", _("Falta el día desde el que está así."))
        else:
            began = told.registered_on or _registered_on(held)
            if began is not None and told.state_on < began:
                verdict.refuse("state_on", _("Ese día todavía no era socia ni socio."))
        if told.state in {Said.SUSPENDED, Said.EXPELLED} and not told.state_resolution:
            verdict.refuse("state_resolution", _("Falta la resolución que lo decide."))

    def _refuse_state(self, now: Standing | None, verdict: Verdict) -> None:
        sentence = _(
            "En el registro consta: %(standing)s. Ese cambio se anota en su ficha, no aquí."
        )
        verdict.refuse("state", sentence % {"standing": now.label if now else "—"})

    def _admit(
        self,
        told: Membership,
        born_on: date | None,
        family: Hashable,
        who: str,
        key: Any,
        verdict: Verdict,
    ) -> None:
        """Ask what the association asks: age, trade, and that the place is free."""
        on = told.registered_on
        assert on is not None  # noqa: S101 - for the type checker
        asked = [
            ("born_on", requirements.age_requirement(born_on, on, years=self._years.on(on))),
            (
                "traded_since",
                requirements.trade_requirement(
                    self._trades.get(family, ()),
                    on,
                    days=self._days.on(on),
                    counted=self._counted.on(on),
                ),
            ),
        ]
        for column, requirement in asked:
            if not requirement.met:
                verdict.refuse(column, f"{requirement.title}. {requirement.detail}")
        for place in self._places.get(family, ()):
            if place.end is None or place.end > on:
                sentence = _(
                    "La familia ya tiene socia o socio: %(who)s. Si son dos familias, distíngalas "
                    "en la columna «Hogar»; si una sucede a otra, ponga antes a quien salió."
                )
                verdict.refuse("family", sentence % {"who": place.who})
                break
        if not verdict.problems:
            end = told.state_on if told.state in ENDS else None
            self._places[family].append(_Place(on, end, who, key))

    def _correct(
        self, told: Membership, held: Partner, born_on: date | None, verdict: Verdict
    ) -> None:
        on = told.registered_on
        if on is not None and on != held.registered_on:
            age = requirements.age_requirement(born_on, on, years=self._years.on(on))
            if not age.met:
                verdict.refuse("registered_on", f"{age.title}. {age.detail}")

    def _tell_differences(self, told: Membership, held: Partner | None, verdict: Verdict) -> None:
        for column, value in told.admission.items():
            before = getattr(held, column) if held is not None else None
            if before != value:
                change = Difference(self._headings[column], _words(before), _words(value))
                verdict.differences.append(change)
        now = held.standing_on(self.today) if held is not None else None
        if told.state is not None and (now is None or now.value != told.state.value):
            if told.state is Said.REGISTERED and now is None:
                return
            label = str(now.label) if now is not None else ""
            after = str(told.state.label)
            if told.state_on is not None:
                after = f"{after}, {_short(told.state_on)}"
            verdict.differences.append(Difference(self._headings["state"], label, after))


def carry_out(
    *, actor: User, person: Person, told: Membership, reason: str, number_after: int
) -> None:
    """Write what a row says of a membership, through the services.

    Args:
        number_after: who has no number in the file gets one above this.

    Raises:
        ValidationError: as the services.
    """
    if not told.is_told:
        return
    held = told.meant(person.partnerships.prefetch_related("suspensions"))
    if held is None:
        asked_on = told.applied_on or told.registered_on
        assert asked_on is not None  # noqa: S101 - `judge` has refused it otherwise
        held = services.apply_for_partnership(
            actor=actor, person=person, applied_on=asked_on, reason=reason
        )
    elif held.registered_on is not None:
        held = services.correct_partner(actor=actor, partner=held, reason=reason, **told.admission)
    elif told.applied_on is not None:
        held = services.correct_partner(
            actor=actor, partner=held, reason=reason, applied_on=told.applied_on
        )
    if held.registered_on is None and told.registered_on is not None:
        held = services.register_partner(
            actor=actor,
            partner=held,
            registered_on=told.registered_on,
            resolution=told.resolution,
            number=told.number or max(next_number(Partner), number_after + 1),
            reason=reason,
        )
    _carry_state(actor, person, held, told, reason)


def _carry_state(actor: User, person: Person, held: Partner, told: Membership, reason: str) -> None:
    now = held.standing_on(timezone.localdate())
    if told.state is None or told.state_on is None or (now and now.value == told.state.value):
        return
    if told.state is Said.SUSPENDED:
        services.suspend_partner(
            actor=actor,
            partner=held,
            starts_on=told.state_on,
            resolution=told.state_resolution,
            reason=reason,
        )
    elif told.state is Said.DIED:
        services.record_death(actor=actor, person=person, died_on=told.state_on, reason=reason)
    elif told.state in ENDS:
        services.end_partnership(
            actor=actor,
            partner=held,
            ended_on=told.state_on,
            how=ENDS[told.state],
            resolution=told.state_resolution,
            reason=reason,
        )


def _registered_on(held: Partner | None) -> date | None:
    return held.registered_on if held is not None else None


def _in_row(name: str, row: int) -> str:
    return _("%(name)s, de la fila %(row)s") % {"name": name, "row": row}


def _short(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day is not None else ""


def _words(value: Any) -> str:
    return _short(value) if isinstance(value, date) else str(value or "")
