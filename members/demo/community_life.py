"""Two years of trainings and mingas, inputs, volunteers, and the allies whom the book names."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from kallari.demo import UNTIL, Scale
from kallari.history.bulk import bulk_create_with_history
from members.demo import invented
from members.models import Ally, Attendance, Gathering, InputDistribution, InputKind
from members.services import allies, inputs, volunteers

if TYPE_CHECKING:
    from random import Random

    from kallari.demo import DemoContext
    from members.models import Community, Family, Person

HELD = {Scale.SMALL: 12, Scale.FULL: 60}
HANDED_OUT = {Scale.SMALL: 20, Scale.FULL: 320}
STAYS = {Scale.SMALL: 4, Scale.FULL: 12}

ALLIES = (
    # short name, full name, kind, what it gave: kind, description, amount, currency, rate
    ("FECD", "Fondo Ecuatoriano Canadiense de Desarrollo", "foundation",
     (("money", "Siembra de cacao con familias", "48000", "CAD", "0.7312"),)),
    ("FAO", "Organización de las Naciones Unidas para la Alimentación y la Agricultura",
     "cooperation", (("training", "Manejo de la chakra", "9500", "USD", "1"),)),
    ("GIZ", "Cooperación técnica alemana", "cooperation",
     (("equipment", "Marquesinas para secar cacao", "18400", "EUR", "1.0845"),
      ("study", "Estudio de mercado de la vainilla", "6200", "EUR", "1.0845"))),
    ("GAD Napo", "Gobierno Autónomo Descentralizado de Napo", "government",
     (("money", "Jornadas de poda", "12000", "USD", "1"),)),
    ("CEFA", "Comité Europeo para la Formación y la Agricultura", "foundation",
     (("training", "Calidad y fermentación", "7300", "EUR", "1.0845"),)),
    ("UE", "Unión Europea", "cooperation",
     (("equipment", "Sistema de compras y balanzas", "26500", "EUR", "1.0845"),)),
    ("MAGAP", "Ministerio de Agricultura", "government",
     (("equipment", "Plantas y herramientas", "15600", "USD", "1"),)),
    ("Jatun Sacha", "Fundación Jatun Sacha", "foundation",
     (("study", "Inventario de especies de la chakra", "5400", "USD", "1"),)),
)  # fmt: skip
"""The book names the allies and that they gave money, equipment, training or studies; what is told
of each here, and all amounts, are invented."""

TRAININGS = ("Poda del cacao", "Fermentación y calidad", "Cosecha de guayusa",
             "Polinización de la vainilla", "Abonos de la chakra", "Monilia y escoba de bruja",
             "Cuentas de la familia", "Mujeres y dirigencia")  # fmt: skip
MINGAS = ("Limpieza del camino", "Vivero comunal", "Arreglo de la casa comunal",
          "Siembra en la chakra escolar")  # fmt: skip

INPUTS = (
    ("Plantas de cacao nacional", "plant", True, 20, 120, "0.60"),
    ("Plantas de guayusa", "plant", True, 20, 80, "0.45"),
    ("Esquejes de vainilla", "plant", True, 5, 30, "2.50"),
    ("Bioabono", "sack", True, 1, 6, "8.00"),
    ("Tijera de podar", "piece", True, 1, 2, "18.50"),
    ("Glifosato", "l", False, 1, 2, "9.00"),
)

PEOPLE = (
    ("Muster", "Anna", "DE"), ("Beispiel", "Jonas", "DE"), ("Sample", "Emily", "US"),
    ("Example", "Tyler", "US"), ("Exemple", "Chloé", "FR"), ("Modèle", "Hugo", "FR"),
    ("Vorlage", "Nina", "CH"), ("Specimen", "Luc", "CH"), ("Template", "Grace", "CA"),
    ("Pattern", "Liam", "CA"), ("Ejemplo", "Daniela", "EC"), ("Muestra", "Andrés", "EC"),
)  # fmt: skip
"""Invented, from the countries that the book names."""
TASKS = ("helps_collection", "helps_drying", "helps_sales", "helps_field_sheets")


def load(context: DemoContext) -> None:
    """Load all of it; needs communities, families and people."""
    chance = context.random("community_life")
    by_name = _allies(chance)
    gatherings = _gatherings(context, chance, by_name)
    _inputs(context, chance, by_name)
    _uses(chance, gatherings)
    _volunteers(context, chance)


def _allies(chance: Random) -> list[Ally]:
    made = []
    for name, full_name, kind, contributions in ALLIES:
        ally = allies.add_ally(actor=None, name=name, full_name=full_name, kind=kind)
        starts_on = UNTIL - timedelta(days=chance.randint(400, 900))
        agreement = allies.sign_agreement(
            actor=None,
            ally=ally,
            title=f"Convenio de cooperación con {name}",
            starts_on=starts_on,
            ends_on=UNTIL + timedelta(days=chance.choice((-120, 25, 80, 400, 700))),
        )
        for what, description, amount, currency, rate in contributions:
            allies.receive_contribution(
                actor=None,
                ally=ally,
                agreement=agreement,
                kind=what,
                description=description,
                received_on=starts_on + timedelta(days=chance.randint(20, 200)),
                amount=Decimal(amount),
                currency=currency,
                usd_rate=Decimal(rate),
                valued_by="Cambio del banco ese día" if currency != "USD" else "Factura",
            )
        made.append(ally)
    return made


def _gatherings(context: DemoContext, chance: Random, helpers: list[Ally]) -> list[Gathering]:
    """Those held in two years, and three that are planned; with who came."""
    places = _communities_with_people(context)
    names = sorted(places, key=lambda community: community.name)
    weights = [len(places[community]) for community in names]
    made = []
    for number in range(HELD[context.scale] + 3):
        is_planned = number >= HELD[context.scale]
        days = -chance.randint(5, 40) if is_planned else chance.randint(3, 725)
        kind = chance.choice(("training", "training", "minga"))
        is_training = kind == "training"
        topic = chance.choice(TRAININGS if is_training else MINGAS)
        visitors = [0 if is_planned else chance.choice((0, 0, 1, 3)) for _each in range(3)]
        made.append(
            Gathering(
                id=invented.key(chance),
                kind=kind,
                topic=topic,
                held_on=UNTIL - timedelta(days=days),
                hours=Decimal(chance.choice((2, 3, 4, 6))),
                community=chance.choices(names, weights)[0],
                place=chance.choice(("Casa comunal", "Chakra de una familia", "Escuela", "")),
                led_by=chance.choice(("Equipo técnico de Kallari", "Directiva de la comunidad")),
                ally=chance.choice(helpers) if is_training and chance.random() < 0.7 else None,
                done=""
                if is_planned
                else f"{topic}: teoría en la mañana, práctica en la tarde."
                if is_training
                else f"{topic}, con herramientas de cada familia.",
                result="" if is_planned or is_training else "Quedó terminado.",
                visiting_women=visitors[0],
                visiting_men=visitors[1],
                visiting_unknown=visitors[2],
            )
        )
    bulk_create_with_history(made, actor=None)
    rows = []
    for gathering in made:
        if gathering.held_on > UNTIL:
            continue
        able = [
            person
            for person in places[gathering.community]
            if person.died_on is None
            and (person.born_on is None or person.born_on < _years_before(gathering.held_on, 14))
        ]
        size = min(len(able), chance.randint(8, 32))
        rows += [Attendance(gathering=gathering, person=one) for one in chance.sample(able, size)]
    bulk_create_with_history(rows, actor=None)
    return made


def _communities_with_people(context: DemoContext) -> dict[Community, list[Person]]:
    places: dict[Community, list[Person]] = {}
    for family in context.loaded["families"]:
        places.setdefault(family.community, []).extend(context.loaded["people"][family.pk])
    return places


def _years_before(day: date, years: int) -> date:
    return day - timedelta(days=round(365.25 * years))


def _inputs(context: DemoContext, chance: Random, helpers: list[Ally]) -> None:
    kinds: dict[InputKind, tuple[int, int, str]] = {}
    for name, unit, is_organic, least, most, price in INPUTS:
        note = "" if is_organic else "Herbicida: fuera de toda lista orgánica."
        kind = inputs.add_input_kind(
            actor=None, name=name, unit=unit, is_organic=is_organic, note=note
        )
        kinds[kind] = (least, most, price)
    families: list[Family] = context.loaded["families"]
    days = sorted(chance.randint(1, 725) for _each in range(HANDED_OUT[context.scale]))
    rows = []
    for number, days_ago in enumerate(reversed(days), 1):
        kind = chance.choices(list(kinds), (30, 20, 12, 20, 17, 1))[0]
        least, most, price = kinds[kind]
        quantity = chance.randint(least, most)
        rows.append(
            InputDistribution(
                id=invented.key(chance),
                number=number,
                kind=kind,
                family=chance.choice(families),
                quantity=Decimal(quantity),
                unit=kind.unit,
                was_organic=kind.is_organic,
                value_usd=Decimal(price) * quantity if chance.random() < 0.85 else None,
                handed_on=UNTIL - timedelta(days=days_ago),
                handed_by="Equipo técnico de Kallari",
                ally=chance.choice(helpers) if chance.random() < 0.5 else None,
                note="" if kind.is_organic else "Para el borde del camino, fuera de la chakra.",
            )
        )
    bulk_create_with_history(rows, actor=None)


def _uses(chance: Random, gatherings: list[Gathering]) -> None:
    """What paid for the trainings that an ally supported."""
    from members.models import Contribution

    for gathering in gatherings:
        if gathering.ally is None or gathering.held_on > UNTIL:
            continue
        contribution = Contribution.objects.with_used().filter(ally=gathering.ally).first()
        amount = Decimal(chance.randint(60, 260))
        if contribution is not None and contribution.left_usd >= amount:
            allies.use_contribution(
                actor=None,
                contribution=contribution,
                used_on=max(gathering.held_on, contribution.received_on),
                amount_usd=amount,
                gathering=gathering,
                purpose="Refrigerio y materiales",
            )


def _volunteers(context: DemoContext, chance: Random) -> None:
    families: list[Family] = context.loaded["families"]
    for surnames, given_names, country in PEOPLE[: STAYS[context.scale]]:
        volunteer = volunteers.add_volunteer(
            actor=None,
            surnames=surnames,
            given_names=given_names,
            country=country,
            institution=chance.choice(("Universidad de ejemplo", "Programa de ejemplo", "")),
            email=f"{given_names[0].lower()}.{surnames.lower()}@example.org".replace("è", "e"),
            emergency_name=f"Familia {surnames}",
        )
        starts_on = UNTIL - timedelta(days=chance.randint(-30, 600))
        host = chance.choice(families)
        volunteers.add_stay(
            actor=None,
            volunteer=volunteer,
            kind=chance.choice(("volunteer", "intern")),
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=chance.randint(45, 330)),
            community=host.community,
            host_family=host,
            **cast("dict[str, Any]", {chance.choice(TASKS): True}),
        )
