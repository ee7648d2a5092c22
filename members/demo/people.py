"""Invented families and the people in them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kallari.demo import UNTIL, Scale
from kallari.history.bulk import bulk_create_with_history
from members.demo import invented
from members.demo.communities import COMMUNITIES
from members.models import CommunityAssignment, Family, Person

if TYPE_CHECKING:
    from random import Random

    from kallari.demo import DemoContext
    from members.models import Community

FAMILIES = {Scale.SMALL: 40, Scale.FULL: 850}
"""Full: as many as the book says."""

SIZES = (
    62, 58, 41, 71, 33, 44, 29, 52, 23, 38, 26, 18, 57, 64, 47, 21, 36, 15, 31, 28, 12, 49, 19,
)  # fmt: skip
"""How large the communities are, in their order. Invented: nobody has written it down."""

ASSIGNED = {
    "tecnico": ("Mirador", "Rumi Yaku", "Serena", "Shandia"),
    "delegado": ("Mirador",),
}
"""The communities of the accounts that are bound to some."""

NO_CEDULA = ("perdida, en trámite", "no la tenía a mano el día de la visita", "no la ha sacado")
NO_CEDULA_CHILD = ("es menor y todavía no la saca", "consta solo su partida de nacimiento")
RELATIONS = ("hermana", "hermano", "comadre", "compadre", "vecina", "hija", "hijo", "cuñado")


def load(context: DemoContext) -> None:
    """Enter families and people, and who works where.

    Later themes find ``loaded["families"]``, a list, and ``loaded["people"]``, the people of each
    family by its primary key, the one who stands for the family first.
    """
    chance = context.random("people")
    communities: dict[str, Community] = context.loaded["communities"]
    families: list[Family] = []
    people: dict[object, list[Person]] = {}
    cedulas = invented.Cedulas(chance)
    for community in _places(chance, communities, FAMILIES[context.scale]):
        household = _Household(chance, cedulas)
        family = Family(
            id=invented.key(chance),
            name=household.surnames,
            community=community,
            joined_on=_joined_on(chance, household.head_born_on),
        )
        families.append(family)
        people[family.pk] = household.people(family)
    families.sort(key=lambda family: (family.joined_on or UNTIL, family.pk))
    for number, family in enumerate(families, start=1):
        family.number = number
    bulk_create_with_history(families, actor=None)
    bulk_create_with_history(
        [person for family in families for person in people[family.pk]], actor=None
    )
    bulk_create_with_history(
        [
            CommunityAssignment(user=context.loaded["users"][username], community=communities[name])
            for username, names in ASSIGNED.items()
            for name in names
        ],
        actor=None,
    )
    context.loaded["families"] = families
    context.loaded["people"] = people
    context.loaded["cedulas"] = cedulas


def _places(chance: Random, communities: dict[str, Community], count: int) -> list[Community]:
    """A community for each of so many families: large ones have more, each has at least one."""
    weights = dict(zip(COMMUNITIES, SIZES, strict=True))
    places = [communities[name] for name in communities]
    total = sum(weights.values())
    while len(places) < count:
        at = len(places) - len(communities)
        # One after the other along the line of all sizes, so that the shares come out even.
        point = (at * 0.618034 % 1) * total
        for name, weight in weights.items():
            if (point := point - weight) < 0:
                places.append(communities[name])
                break
    chance.shuffle(places)
    return places


def _joined_on(chance: Random, head_born_on: date) -> date | None:
    """Some came in the first years, more once cocoa was planted; of some nobody knows."""
    if chance.random() < 0.08:
        return None
    first = max(date(1997, 9, 6), head_born_on + timedelta(days=19 * 366))
    span = (date(2025, 6, 30) - first).days
    return first + timedelta(days=int(max(span, 1) * chance.random() ** 0.8))


class _Household:
    """One family as chance makes it."""

    def __init__(self, chance: Random, cedulas: invented.Cedulas) -> None:
        self._chance = chance
        self._cedulas = cedulas
        self._head_age = int(chance.triangular(24, 84, 38))
        self._head_sex = "F" if chance.random() < 0.56 else "M"
        self._couple = chance.random() < (0.84 if self._head_age < 65 else 0.55)
        self._fathers, self._mothers = invented.surname(chance), invented.surname(chance)
        self._spouses = invented.surname(chance), invented.surname(chance)
        self.head_born_on = self._born_on(self._head_age)

    @property
    def surnames(self) -> str:
        """Those by which the family is known: his and hers."""
        if not self._couple:
            return f"{self._fathers} {self._mothers}"
        own, other = self._fathers, self._spouses[0]
        return f"{own} {other}" if self._head_sex == "M" else f"{other} {own}"

    def people(self, family: Family) -> list[Person]:
        """The head first, then whoever lives with her or him."""
        chance = self._chance
        head = self._person(
            family, f"{self._fathers} {self._mothers}", self._head_sex, self.head_born_on, "head"
        )
        found = [head]
        mother_age = self._head_age
        if self._couple:
            sex = "M" if self._head_sex == "F" else "F"
            age = max(19, self._head_age + round(chance.gauss(-3 if sex == "F" else 3, 4)))
            mother_age = age if sex == "F" else self._head_age
            surnames = " ".join(self._spouses)
            found.append(self._person(family, surnames, sex, self._born_on(age), "spouse"))
        found += self._children(family, mother_age)
        if self._head_age < 62 and chance.random() < 0.13:
            age = self._head_age + chance.randint(18, 34)
            sex = "F" if chance.random() < 0.62 else "M"
            surnames = (
                f"{self._fathers if sex == 'M' else self._mothers} {invented.surname(chance)}"
            )
            found.append(self._person(family, surnames, sex, self._born_on(age), "parent"))
        if self._head_age < 50 and chance.random() < 0.06:
            age = max(15, self._head_age + chance.randint(-12, 8))
            sex = chance.choice("FM")
            surnames = f"{self._fathers} {self._mothers}"
            found.append(self._person(family, surnames, sex, self._born_on(age), "sibling"))
        return found

    def _children(self, family: Family, mother_age: int) -> list[Person]:
        """Born every few years; most of those who have grown up live elsewhere."""
        chance = self._chance
        first, second = self._fathers, self._spouses[0] if self._couple else self._mothers
        if self._couple and self._head_sex == "F":
            first, second = second, first
        found: list[Person] = []
        age_then = 17 + chance.expovariate(1 / 4.5)
        while age_then < min(mother_age + 0.9, 42):
            age = int(mother_age - age_then)
            if chance.random() < (0.97 if age < 18 else 0.62 if age < 25 else 0.2):
                sex = chance.choice("FM")
                surnames = f"{first} {second}"
                found.append(self._person(family, surnames, sex, self._born_on(age), "child"))
                if sex == "F" and age >= 19 and chance.random() < 0.3:
                    born_on = self._born_on(chance.randint(0, age - 18))
                    own = f"{invented.surname(chance)} {first}"
                    sex = chance.choice("FM")
                    found.append(self._person(family, own, sex, born_on, "grandchild"))
            age_then += 2.4 + chance.expovariate(1 / 4.2)
        return found

    def _born_on(self, age: int) -> date:
        """A day on which somebody was born who has this age now."""
        return UNTIL - timedelta(days=int(age * 365.25) + self._chance.randint(1, 364))

    def _person(
        self, family: Family, surnames: str, sex: str, born_on: date, kinship: str
    ) -> Person:
        chance = self._chance
        age = (UNTIL - born_on).days // 365
        person = Person(
            id=invented.key(chance),
            family=family,
            surnames=surnames,
            given_names=invented.given_names(chance, sex, born_on.year),
            sex=sex,
            born_on=born_on,
            birth_year=born_on.year,
            kinship=kinship,
            speaks_kichwa=chance.random() < (0.96 if age > 45 else 0.84),
            speaks_spanish=age < 55 or chance.random() < 0.8,
        )
        if kinship != "head" and chance.random() < 0.07:
            person.born_on = None
            if chance.random() < 0.15:
                person.birth_year = None
        if chance.random() < (0.14 if age < 12 else 0.02):
            reasons = NO_CEDULA_CHILD if age < 18 else NO_CEDULA
            person.cedula_missing_reason = chance.choice(reasons)
        else:
            person.cedula = self._cedulas.next()
        if 16 < age < 80 and chance.random() < 0.03:
            person.other_languages = chance.choice(("inglés", "shuar", "waorani", "inglés, alemán"))
        if age >= 15 and chance.random() < (0.75 if kinship in {"head", "spouse"} else 0.45):
            person.phone = invented.telephone(chance)
        if kinship == "head" and chance.random() < 0.7:
            self._add_next_of_kin(person)
        return person

    def _add_next_of_kin(self, person: Person) -> None:
        chance = self._chance
        person.next_of_kin_relation = chance.choice(RELATIONS)
        sex = "F" if person.next_of_kin_relation.endswith("a") else "M"
        if person.next_of_kin_relation == "comadre":
            sex = "F"
        name = invented.given_names(chance, sex, 1980).split()[0]
        person.next_of_kin_name = f"{name} {invented.surname(chance)}"
        person.next_of_kin_phone = invented.telephone(chance)
