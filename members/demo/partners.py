"""Invented memberships, from the application to the end, and what goes with them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kallari.dates import anniversary
from kallari.demo import UNTIL, Scale
from kallari.history.bulk import bulk_create_with_history, bulk_update_with_history
from kallari.history.context import current_reason
from members.demo import invented
from members.models import BankAccount, Family, Partner, Person, Suspension, TradeEvidence
from members.products import TradedProduct
from members.services.delegates import share_delegate_seats

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from kallari.demo import DemoContext

PARTNERS = {Scale.SMALL: 15, Scale.FULL: 305}
"""Registered today, suspended ones included. Full: as many as the book says."""

WOMEN = {Scale.SMALL: 9, Scale.FULL: 189}
"""Of them. 62 %, says the book."""

FIRST_REGISTER = date(2022, 6, 18)
FIRST_RESOLUTION = "Resolución AG-2022-01 del 18 de junio de 2022"
"""The assembly admitted in one act whoever was on the first list."""

LATER = tuple(
    date(year, month, day)
    for year, month, day in (
        (2022, 9, 10), (2022, 12, 3), (2023, 3, 18), (2023, 7, 8), (2023, 11, 25), (2024, 3, 16),
        (2024, 7, 13), (2024, 12, 7), (2025, 4, 5), (2025, 8, 23), (2025, 12, 6), (2026, 3, 14),
        (2026, 7, 11),
    )
)  # fmt: skip
"""Days on which the Board of Directors admitted applicants."""

ON_THE_FIRST_LIST = 0.66

BANKS = (
    "Cooperativa de Ahorro y Crédito Tena",
    "BanEcuador",
    "Banco Pichincha",
    "Cooperativa Kullki Wasi",
)
WHY_SUSPENDED = "Resolución CV-{year}-{number:02d}: {why}"
REASONS_TO_SUSPEND = (
    "no asistió a tres asambleas seguidas",
    "entregó producto de una chakra que no es suya",
    "usó un agroquímico que no se admite",
)


def load(context: DemoContext) -> None:
    """Enter memberships with their evidence, and share the delegates' seats.

    Later themes find ``loaded["partners"]``, those registered today by number, and
    ``loaded["delegates"]``, one for each seat.
    """
    chance = context.random("partners")
    made = _Memberships(chance, context)
    made.invent()
    bulk_create_with_history(made.people, actor=None)
    bulk_update_with_history(made.dead, ["died_on"], actor=None, reason=current_reason())
    bulk_create_with_history(made.evidence, actor=None)
    first = [one for one in made.partners if one.succeeds is None]
    bulk_create_with_history(first, actor=None)
    bulk_create_with_history([one for one in made.partners if one.succeeds is not None], actor=None)
    bulk_create_with_history(made.suspensions, actor=None)
    bulk_create_with_history(_accounts(chance, made.current), actor=None)
    seats = share_delegate_seats(actor=None, on=UNTIL, reason=current_reason())
    context.loaded["partners"] = made.current
    context.loaded["delegates"] = _delegates(
        chance,
        made.current,
        {community.pk: count for community, count in seats.items()},
        suspended={one.partner_id for one in made.suspensions if one.ends_on is None},
    )


class _Memberships:
    """All memberships of the association as chance makes them."""

    def __init__(self, chance: Random, context: DemoContext) -> None:
        self._chance = chance
        self._scale = context.scale
        self._people: dict[Any, list[Person]] = context.loaded["people"]
        self._families: list[Family] = chance.sample(
            context.loaded["families"], len(context.loaded["families"])
        )
        self._cedulas: invented.Cedulas = context.loaded["cedulas"]
        self.people: list[Person] = []
        self.partners: list[Partner] = []
        self.evidence: list[TradeEvidence] = []
        self.suspensions: list[Suspension] = []
        self.dead: list[Person] = []
        self.current: list[Partner] = []

    def invent(self) -> None:
        """Those registered today first; then those who left, died or wait."""
        many = self._scale is Scale.FULL
        members = self._members()
        self.current = [self._registered(person) for person in members]
        for successor in self._chance.sample(self.current, 5 if many else 1):
            self._precede(successor)
        self._suspend(now=7 if many else 1, earlier=9 if many else 1)
        for how, count in (("left", 11), ("expelled", 2), ("died", 3)):
            for _each in range(count if many else 1):
                self._end(self._registered(self._next_head()), how)
        for _each in range(17 if many else 3):
            self._apply()
        for how, count in (("rejected", 5), ("withdrew", 3)):
            for _each in range(count if many else 1):
                self._turn_away(how)
        self._number()

    # --- Who --------------------------------------------------------------------------------------

    def _next_head(self) -> Person:
        """The head of a family that has had no part in this yet."""
        return self._people[self._families.pop().pk][0]

    def _members(self) -> list[Person]:
        """The heads of as many families as there are partners, with exactly so many women; from
        each community at least one."""
        by_community: dict[Any, list[Family]] = defaultdict(list)
        for family in self._families:
            by_community[family.community_id].append(family)
        chosen = [families[0] for families in by_community.values()]
        chosen = chosen[: PARTNERS[self._scale]]
        keenness = {key: self._chance.uniform(0.5, 1.5) for key in by_community}
        rest = sorted(
            (family for family in self._families if family not in set(chosen)),
            key=lambda family: self._chance.random() / keenness[family.community_id],
        )
        chosen += rest[: PARTNERS[self._scale] - len(chosen)]
        rest = [family for family in rest if family not in set(chosen)]
        surplus = sum(self._head_sex(one) == "F" for one in chosen) - WOMEN[self._scale]
        while surplus:
            wrong = "F" if surplus > 0 else "M"
            out, into = next(
                (one, other)
                for one in chosen
                if self._head_sex(one) == wrong
                for other in rest
                if self._head_sex(other) != wrong and other.community_id == one.community_id
            )
            chosen[chosen.index(out)], rest[rest.index(into)] = into, out
            surplus += -1 if wrong == "F" else 1
        self._families = rest
        return [self._people[family.pk][0] for family in chosen]

    def _head_sex(self, family: Family) -> str:
        return self._people[family.pk][0].sex

    # --- What happens to them ---------------------------------------------------------------------

    def _registered(self, person: Person) -> Partner:
        """A registered partner: on the first list, or later."""
        chance = self._chance
        if chance.random() < ON_THE_FIRST_LIST:
            registered_on, resolution = FIRST_REGISTER, FIRST_RESOLUTION
        else:
            registered_on = LATER[int(len(LATER) * chance.random() ** 1.25)]
            resolution = _resolution(registered_on)
        of_age_on = anniversary(_born_on(person), 18)
        if registered_on < of_age_on:
            registered_on = next(day for day in LATER if day >= of_age_on)
            resolution = _resolution(registered_on)
        partner = Partner(
            id=invented.key(chance),
            person=person,
            family=person.family,
            applied_on=registered_on - timedelta(days=chance.randint(12, 120)),
            registered_on=registered_on,
            resolution=resolution,
        )
        self.partners.append(partner)
        self._show_trade(partner.family, registered_on - timedelta(days=365))
        return partner

    def _show_trade(self, family: Family, before: date, products: Iterable[str] = ()) -> None:
        """One paper or two of trade that began at least by `before`."""
        chance = self._chance
        if not products:
            main = chance.choices(("cocoa", "guayusa", "vanilla"), (72, 22, 6))[0]
            products = [main]
            if chance.random() < 0.35:
                others = [one for one in TradedProduct if one not in (main, "other")]
                products = [main, chance.choice(others)]
        for product in products:
            first_on = before - timedelta(days=chance.randint(0, 1400))
            last_on = min(before + timedelta(days=chance.randint(200, 365)), UNTIL)
            reference = chance.choice(
                (
                    f"Cuaderno de compras {first_on.year}, folio {chance.randint(2, 96)}",
                    f"Recibos de acopio {first_on.year}, carpeta {chance.randint(1, 14)}",
                    f"Lista de productores {first_on.year} técnica, hoja {chance.randint(1, 22)}",
                )
            )
            self.evidence.append(
                TradeEvidence(
                    family=family,
                    product=product,
                    first_on=first_on,
                    last_on=last_on,
                    reference=reference,
                )
            )

    def _suspend(self, *, now: int, earlier: int) -> None:
        chance = self._chance
        longer = [one for one in self.current if _registered_on(one) < UNTIL - timedelta(days=150)]
        for place, partner in enumerate(chance.sample(longer, now + earlier)):
            registered_on = _registered_on(partner)
            if place < now:
                starts_on = UNTIL - timedelta(days=chance.randint(1, 40))
                ends_on, ended_by = None, ""
            else:
                span = (UNTIL - registered_on).days
                starts_on = registered_on + timedelta(days=chance.randint(1, span // 2))
                ends_on = starts_on + timedelta(days=chance.randint(20, span // 2))
                ended_by = _resolution(ends_on)
            why = chance.choice(REASONS_TO_SUSPEND)
            self.suspensions.append(
                Suspension(
                    partner=partner,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    resolution=WHY_SUSPENDED.format(
                        year=starts_on.year, number=starts_on.month, why=why
                    ),
                    end_resolution=ended_by,
                )
            )

    def _end(self, partner: Partner, how: str, latest: date = UNTIL) -> date:
        """A membership ends some time before `latest`; return when."""
        days = (latest - _registered_on(partner)).days
        ended_on = _registered_on(partner) + timedelta(days=self._chance.randint(days // 4, days))
        partner.ended_on, partner.ended_how = ended_on, how
        if how == "died":
            partner.person.died_on = ended_on
            self.dead.append(partner.person)
        else:
            partner.end_resolution = _resolution(ended_on)
        return ended_on

    def _precede(self, partner: Partner) -> None:
        """Before `partner`, somebody older of the family held the place, and died."""
        chance = self._chance
        family, born_on = partner.family, _born_on(partner.person)
        older = born_on - timedelta(days=chance.randint(7000, 9500))
        sex = chance.choice("FM")
        former = Person(
            id=invented.key(chance),
            family=family,
            surnames=f"{partner.person.surnames.split()[0]} {invented.surname(chance)}",
            given_names=invented.given_names(chance, sex, older.year),
            cedula=self._cedulas.next(),
            sex=sex,
            born_on=older,
            birth_year=older.year,
            kinship="parent",
            speaks_kichwa=True,
        )
        self.people.append(former)
        self._people[family.pk].append(former)
        first = Partner(
            id=invented.key(chance),
            person=former,
            family=family,
            applied_on=FIRST_REGISTER - timedelta(days=chance.randint(12, 60)),
            registered_on=FIRST_REGISTER,
            resolution=FIRST_RESOLUTION,
        )
        self.partners.append(first)
        self._show_trade(family, FIRST_REGISTER - timedelta(days=365))
        ended_on = self._end(first, "died", UNTIL - timedelta(days=200))
        free_on = max(ended_on, anniversary(born_on, 18))
        partner.registered_on = next(day for day in (*LATER, UNTIL) if day > free_on)
        partner.applied_on = partner.registered_on
        partner.resolution = _resolution(partner.registered_on)
        partner.succeeds = first

    def _apply(self) -> None:
        """Somebody waits: most can be admitted, some have not traded for long enough."""
        chance = self._chance
        person = self._next_head()
        applied_on = UNTIL - timedelta(days=chance.randint(1, 60))
        self.partners.append(
            Partner(
                id=invented.key(chance), person=person, family=person.family, applied_on=applied_on
            )
        )
        match chance.choice(("enough", "enough", "enough", "short", "coffee", "none")):
            case "enough":
                self._show_trade(person.family, UNTIL - timedelta(days=500))
            case "coffee":
                self._show_trade(person.family, UNTIL - timedelta(days=500), ["coffee"])
            case "short":
                self.evidence.append(
                    TradeEvidence(
                        family=person.family,
                        product="guayusa",
                        first_on=applied_on - timedelta(days=chance.randint(20, 120)),
                        last_on=applied_on,
                        reference=f"Recibos de acopio {applied_on.year}, carpeta 3",
                    )
                )

    def _turn_away(self, how: str) -> None:
        """An application that came to nothing."""
        chance = self._chance
        person = self._next_head()
        applied_on = date(2023, 1, 9) + timedelta(days=chance.randint(0, 1000))
        rejected = how == "rejected"
        self.partners.append(
            Partner(
                id=invented.key(chance),
                person=person,
                family=person.family,
                applied_on=applied_on,
                ended_on=applied_on + timedelta(days=chance.randint(20, 90)),
                ended_how=how,
                note="Solo ha entregado café." if rejected else "",
            )
        )
        if rejected:
            self._show_trade(person.family, applied_on - timedelta(days=300), ["coffee"])

    def _number(self) -> None:
        """Numbers run on in the order of admission."""
        registered = [one for one in self.partners if one.registered_on is not None]
        registered.sort(key=lambda one: (_registered_on(one), one.pk))
        for number, partner in enumerate(registered, start=1):
            partner.number = number
        self.current.sort(key=lambda one: one.number or 0)


def _born_on(person: Person) -> date:
    assert person.born_on is not None  # noqa: S101 - known of whoever stands for a family
    return person.born_on


def _registered_on(partner: Partner) -> date:
    assert partner.registered_on is not None  # noqa: S101 - asked of registered ones alone
    return partner.registered_on


def _resolution(day: date) -> str:
    return f"Resolución CD-{day.year}-{day.month:02d}"


def _accounts(chance: Random, partners: list[Partner]) -> list[BankAccount]:
    """Four of ten have an account, some had another one before."""
    accounts: list[BankAccount] = []
    for partner in partners:
        if chance.random() > 0.42:
            continue
        closed = [UNTIL - timedelta(days=chance.randint(90, 700))] if chance.random() < 0.08 else []
        accounts += [
            BankAccount(
                person=partner.person,
                institution=chance.choice(BANKS),
                kind=chance.choices(("savings", "checking"), (9, 1))[0],
                number=f"{chance.randrange(10**9, 10**10)}",
                closed_on=closed_on,
            )
            for closed_on in (*closed, None)
        ]
    return accounts


def _delegates(
    chance: Random, partners: list[Partner], seats: dict[int, int], suspended: set[Any]
) -> list[Partner]:
    """As many partners of each community as it has seats, suspended ones last."""
    by_community: dict[int, list[Partner]] = defaultdict(list)
    for partner in chance.sample(partners, len(partners)):
        by_community[partner.family.community_id].append(partner)
    return [
        partner
        for community, count in seats.items()
        for partner in sorted(by_community[community], key=lambda one: one.pk in suspended)[:count]
    ]
