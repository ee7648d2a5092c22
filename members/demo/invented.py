"""Names, numbers and telephones of people who do not exist.

Surnames and given names are common ones of Napo, put together by chance.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from stdnum import luhn

if TYPE_CHECKING:
    from random import Random

SURNAMES = (
    "Grefa", "Andi", "Tapuy", "Shiguango", "Cerda", "Tanguila", "Aguinda", "Chimbo", "Alvarado",
    "Huatatoca", "Licuy", "Yumbo", "Calapucha", "Mamallacta", "Narváez", "Salazar", "Vargas",
    "Dahua", "Pauchi", "Chongo", "Avilés", "Ajón", "Volante", "Jipa", "Coquinche", "Rivadeneyra",
    "López", "Inmunda", "Siquihua", "Vega", "Puraquilla", "Machoa", "Cuji", "Lanza", "Ashanga",
    "Papa",
)  # fmt: skip
"""The commonest first: a surname is drawn the more often, the earlier it stands."""

WOMEN_LONG_AGO = (
    "Rosa", "María", "Carmela", "Zoila", "Dolores", "Bertha", "Luz", "Rebeca", "Margarita",
    "Clementina", "Inés", "Josefina", "Catalina", "Delia", "Blanca", "Olga", "Teresa", "Elena",
)  # fmt: skip
WOMEN = (
    "Gladys", "Nelly", "Silvia", "Marlene", "Yolanda", "Norma", "Sandra", "Patricia", "Mónica",
    "Rocío", "Jenny", "Narcisa", "Verónica", "Elsa", "Janeth", "Lourdes", "Sisa", "Killa",
)  # fmt: skip
GIRLS = (
    "Sisa", "Killa", "Sami", "Wayra", "Nina", "Tamia", "Urpi", "Illari", "Toa", "Samay", "Kuyana",
    "Daniela", "Génesis", "Jhoselyn", "Melany", "Naomi", "Dayana", "Mishel", "Anahí", "Evelyn",
)  # fmt: skip
MEN_LONG_AGO = (
    "Bolívar", "Vicente", "Camilo", "Venancio", "Domingo", "Gervasio", "Francisco", "Pascual",
    "Alonso", "Bartolo", "Lorenzo", "Fidel", "José", "Eusebio", "Agustín", "Ramón", "César",
)  # fmt: skip
MEN = (
    "Wilmer", "Fausto", "Edwin", "Marco", "Galo", "Nelson", "Jaime", "Rubén", "Freddy", "Klever",
    "Darwin", "Holger", "Milton", "Iván", "Franklin", "Édison", "Rumi", "Inti",
)  # fmt: skip
BOYS = (
    "Inti", "Sacha", "Amaru", "Kuri", "Yaku", "Rumi", "Puma", "Kuntur", "Ari", "Wayna", "Samik",
    "Anderson", "Jhostin", "Dylan", "Elian", "Jairo", "Steven", "Kevin", "Matías", "Erick",
)  # fmt: skip

_GIVEN = {
    "F": (WOMEN_LONG_AGO, WOMEN, GIRLS),
    "M": (MEN_LONG_AGO, MEN, BOYS),
}

PROVINCES = ("15", "15", "15", "15", "15", "15", "15", "15", "15", "16", "22", "21")
"""Nearly everybody was born in Napo; some in Pastaza, Orellana, Sucumbíos."""


def key(chance: Random) -> uuid.UUID:
    """A random primary key that is the same at every load."""
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def surname(chance: Random) -> str:
    """One surname."""
    return SURNAMES[int(len(SURNAMES) * chance.random() ** 1.6)]


def given_names(chance: Random, sex: str, birth_year: int) -> str:
    """One or two given names, as they were given in those years."""
    names = _GIVEN[sex][0 if birth_year < 1970 else 1 if birth_year < 1998 else 2]
    if birth_year < 1998 and chance.random() < 0.2:
        names = _GIVEN[sex][1 if birth_year < 1970 else 0]
    return " ".join(chance.sample(names, 2 if chance.random() < 0.7 else 1))


class Cedulas:
    """Identity numbers that pass every check and that nobody has been given.

    Two digits of a province, a serial of seven, a check digit. The serials here begin with 5:
    these provinces have a few hundred thousand people each, and their serials are far from it.
    """

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._drawn: set[str] = set()

    def next(self) -> str:
        """Another one at each call."""
        while True:
            digits = f"{self._chance.choice(PROVINCES)}5{self._chance.randrange(1_000_000):06d}"
            number = digits + luhn.calc_check_digit(digits)
            if number not in self._drawn:
                self._drawn.add(number)
                return number


def telephone(chance: Random) -> str:
    """A mobile number in a range (090) that no operator gives out."""
    digits = f"{chance.randrange(10_000_000):07d}"
    return f"090 {digits[:3]} {digits[3:]}"
