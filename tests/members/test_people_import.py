"""The register from a file: look first, then write what was seen, or nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.imports.likeness import Described, People
from members.imports.people import PersonImporter
from members.models import Community, Family, Partner, Person, TradeEvidence
from members.services.persons import probable_duplicates
from tests.members import factories
from tests.members.registers import SPELLINGS, dirty_register
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

UPLOAD = "/socios/importar/"
TABLES = (Community, Family, Person, Partner, TradeEvidence)


@pytest.fixture
def villages(db):
    """The communities of the book."""
    from kallari.demo import DemoContext, Scale
    from members.demo import communities

    communities.load(DemoContext(Scale.SMALL))


def hand_in(client, content, name="registro.xlsx"):
    """Choose a file, and return the address of what it would do."""
    content = content.encode() if isinstance(content, str) else content
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def confirm(client, address, **answers):
    page = client.get(address)
    given = {key.replace("fila_", "fila-"): value for key, value in answers.items()}
    return client.post(address, {"huella": page.context["plan"].fingerprint, **given})


def counted():
    """Rows and history rows of everything that the import may write."""
    return [(table.objects.count(), table.history.count()) for table in TABLES]


def fates(page):
    return {step.number: step.fate.value for step in page.context["plan"].steps}


def test_a_dirty_register_is_told_row_by_row_written_once_and_never_twice(villages, client_of):
    register = dirty_register(305)
    assert len(register.expected) == 305
    client = client_of("administration")
    before = counted()
    address = hand_in(client, register.content())
    page = client.get(address)
    steps = {step.number: step for step in page.context["plan"].steps}
    told = {number: (step.fate.value, step.placed_problems) for number, step in steps.items()}
    wrong = {n: (told.get(n), e) for n, e in register.expected.items() if told.get(n) != e}
    assert not wrong, "\n".join(map(str, wrong.items()))
    assert told.keys() == register.expected.keys()
    assert counted() == before
    for _fate, problems in register.expected.values():
        for _place, sentence in problems:
            assert sentence in page.text

    new = sum(fate == "new" for fate, _problems in register.expected.values())
    answer = confirm(client, address)
    assert answer.status_code == 302
    assert Community.objects.count() == 23
    assert Person.objects.count() == Partner.objects.members().count() == new
    assert Family.objects.count() == new
    assert Person.objects.filter(cedula=None).count() == 1
    for number, spelled in enumerate(SPELLINGS):
        assert Family.objects.filter(community__name=spelled[0]).exists(), number
    after = counted()
    assert after[0] == before[0]

    address = hand_in(client, register.content(), "registro otra vez.xlsx")
    page = client.get(address)
    again = fates(page)
    for number, (fate, _problems) in register.expected.items():
        assert again[number] == {"new": "same"}.get(fate, fate), number
    assert page.context["plan"].writes == 0
    assert confirm(client, address).status_code == 302
    assert counted() == after


HEADER = "Apellidos;Nombres;Comunidad;Cédula;Por qué falta la cédula;Nacimiento;Sexo"
ROSA = f"{HEADER}\nGrefa Andi;Rosa Elena;Rumi Yaku;1500123458;;25/03/1980;F\n"


def plan(text):
    return PersonImporter().plan(text.encode())


def only_step(text):
    (step,) = plan(text).steps
    return step


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Rumi Yacu", "Rumi Yaku"),
        ("rumi yaku", "Rumi Yaku"),
        ("EL MIRADOR", "Mirador"),
        ("Ñakanchi Kawsay", "Ñukanchik Kawsay"),
        ("Isla Apaai", "Islas APAAI"),
    ],
)
def test_a_row_imports_to_its_community_however_it_is_spelled(typed, name, villages, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, ROSA.replace("Rumi Yaku", typed)))
    assert Person.objects.get().community.name == name
    assert Community.objects.count() == 23


def test_nothing_is_written_until_somebody_confirms(villages, client_of):
    client = client_of("administration")
    before = counted()
    address = hand_in(client, ROSA)
    client.get(address)
    assert counted() == before
    client.post(address, {"huella": "otra"})
    assert counted() == before
    confirm(client, address)
    assert Person.objects.get().cedula == "1500123458"


def test_what_is_written_has_the_file_as_its_reason(villages, client_of):
    client = client_of("manager")
    confirm(client, hand_in(client, ROSA, "padrón 2024.csv"))
    row = Person.history.get()
    assert row.history_change_reason == "importación de padrón 2024.csv"
    assert row.actor_role == "Gerencia"


def test_a_known_person_gets_what_differs_and_nothing_else(villages):
    rumi_yaku = Community.objects.get(name="Rumi Yaku")
    made = factories.person(
        of=factories.family(of=rumi_yaku), cedula="1500123458", sex="", phone="098 765 4321"
    )
    step = only_step(ROSA)
    assert (step.target, step.fate.value) == (made.pk, "changed")
    assert [(d.heading, d.before, d.after) for d in step.differences] == [("Sexo", "", "mujer")]


def test_a_cedula_with_another_name_is_refused_with_whose_it_is(villages):
    rumi_yaku = Community.objects.get(name="Rumi Yaku")
    made = factories.person(
        "Tapuy Cerda", "Jorge", of=factories.family(of=rumi_yaku), cedula="1500123458"
    )
    step = only_step(ROSA)
    assert step.placed_problems == [
        (
            "columna D (Cédula)",
            f"Es la cédula de Tapuy Cerda Jorge, familia {made.family.code}. Revise cuál de los "
            "dos nombres es, o corrija la ficha.",
        )
    ]


WITHOUT_CEDULA = f"{HEADER}\nGrefa Andy;Rosa;Rumi Yaku;;perdida;1981;F\n"


@pytest.fixture
def rosa(villages):
    rumi_yaku = Community.objects.get(name="Rumi Yaku")
    return factories.person(of=factories.family(of=rumi_yaku), cedula="1500123458")


def test_a_similar_person_is_asked_about(rosa, client_of):
    client = client_of("administration")
    address = hand_in(client, WITHOUT_CEDULA)
    (step,) = client.get(address).context["plan"].questions
    assert [choice.value for choice in step.choices] == ["omit", str(rosa.pk), "new"]
    confirm(client, address)
    assert Person.objects.count() == 1


def test_it_is_the_same_person(rosa, client_of):
    client = client_of("administration")
    confirm(
        client,
        hand_in(client, WITHOUT_CEDULA.replace(";F\n", ";otro\n")),
        fila_2=str(rosa.pk),
    )
    known = Person.objects.get()
    assert (known.given_names, known.cedula, known.sex) == ("Rosa Elena", "1500123458", "X")
    assert known.born_on == factories.BORN_ON


def test_it_is_another_person(rosa, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, WITHOUT_CEDULA), fila_2="new")
    assert Person.objects.get(cedula=None).birth_year == 1981
    assert Family.objects.count() == 2
    again = only_step(WITHOUT_CEDULA)
    assert again.fate.value == "same"


def test_a_namesake_with_another_cedula_and_birth_date_is_not_asked_about(rosa):
    row = f"{HEADER}\nGrefa Andi;Rosa Elena;Rumi Yaku;{factories.cedula()};;26/03/1980;F\n"
    assert only_step(row).fate.value == "new"


def test_people_of_one_household_become_one_family(villages, client_of):
    client = client_of("administration")
    text = (
        "Apellidos;Nombres;Comunidad;Por qué falta la cédula;Hogar\n"
        "Grefa Andi;Rosa;Rumi Yaku;menor;1\n"
        "Andi Grefa;Luis;rumi yacu;menor; 1\n"
        "Tapuy;María;Mirador;menor;1\n"
        "Tapuy Grefa;Nelly;Mirador;menor;\n"
    )
    confirm(client, hand_in(client, text))
    assert Family.objects.count() == 3
    rosa, luis = Person.objects.get(given_names="Rosa"), Person.objects.get(given_names="Luis")
    assert rosa.family == luis.family
    later = text + "Andi Grefa;Edwin;Rumi Yaku;menor;1\n"
    confirm(client, hand_in(client, later))
    assert Family.objects.count() == 4  # nobody of that household has a cédula to be known by


def test_a_household_with_a_known_cedula_takes_further_people_in(rosa, client_of):
    client = client_of("administration")
    text = (
        "Apellidos;Nombres;Comunidad;Cédula;Por qué falta la cédula;Hogar\n"
        "Andi Grefa;Edwin;Rumi Yaku;;menor;7\n"
        "Grefa Andi;Rosa Elena;Rumi Yaku;1500123458;;7\n"
    )
    confirm(client, hand_in(client, text))
    assert Person.objects.get(given_names="Edwin").family == rosa.family


def test_a_familys_code_says_which_family(rosa, client_of):
    client = client_of("administration")
    text = "Apellidos;Nombres;Comunidad;Por qué falta la cédula;Familia\nAndi;Luis;{};menor;{}\n"
    code = rosa.family.code
    assert only_step(text.format("Mirador", code)).placed_problems == [
        ("columna E (Familia)", f"La familia Grefa Andi ({code}) es de Rumi Yaku.")
    ]
    assert only_step(text.format("Rumi Yaku", "F-9999")).placed_problems == [
        (
            "columna E (Familia)",
            "No hay ninguna familia F-9999. Deje vacía la celda para una nueva.",
        )
    ]
    confirm(client, hand_in(client, text.format("Rumi Yaku", code)))
    assert Person.objects.get(given_names="Luis").family == rosa.family


MEMBER = (
    "Apellidos;Nombres;Comunidad;Cédula;Nacimiento;Número;Fecha de registro;Resolución;"
    "Comercia desde;Producto;Folio;Estado;Estado desde;Resolución del estado\n"
    "Grefa Andi;Rosa Elena;Rumi Yaku;1500123458;25/03/1980;12;01/06/2022;AG-1;01/02/2020;cacao;"
    "Folio 14;{}\n"
)


def test_a_membership_rests_on_the_paper_that_the_row_names(villages, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, MEMBER.format("activa;;"), "padrón.csv"))
    partner, paper = Partner.objects.get(), TradeEvidence.objects.get()
    assert (partner.number, partner.resolution) == (12, "AG-1")
    assert str(partner.registered_on) == "2022-06-01"
    assert paper.reference == "Folio 14; importación de padrón.csv, fila 2"
    assert (paper.product, str(paper.first_on)) == ("cocoa", "2020-02-01")


@pytest.mark.parametrize(
    ("state", "ending", "suspensions"),
    [
        ("salió;01/03/2024;", "left", 0),
        ("excluida;01/03/2024;CV-3", "expelled", 0),
        ("falleció;01/03/2024;", "died", 0),
        ("suspendida;01/03/2024;CV-3", "", 1),
    ],
)
def test_a_membership_that_ended_or_rests_says_so(state, ending, suspensions, villages, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, MEMBER.format(state)))
    partner = Partner.objects.get()
    assert partner.ended_how == ending
    assert partner.suspensions.count() == suspensions
    after = counted()
    address = hand_in(client, MEMBER.format(state))
    assert fates(client.get(address)) == {2: "same"}
    confirm(client, address)
    assert counted() == after


def test_a_state_that_does_not_follow_is_refused(villages, client_of):
    client = client_of("administration")
    confirm(client, hand_in(client, MEMBER.format("salió;01/03/2024;")))
    assert only_step(MEMBER.format("activa;;")).placed_problems == [
        (
            "columna L (Estado)",
            "En el registro consta: salió. Ese cambio se anota en su ficha, no aquí.",
        )
    ]
    assert only_step(MEMBER.format("suspendida;;")).problems


def test_an_applicant_in_the_register_is_admitted_by_the_file(rosa, client_of):
    asked = factories.applicant(rosa)
    client = client_of("administration")
    confirm(client, hand_in(client, MEMBER.format("activa;;")))
    asked.refresh_from_db()
    assert (asked.number, Partner.objects.count()) == (12, 1)


def test_m_is_read_by_the_other_letters_of_its_column(villages):
    text = f"{HEADER}\nGrefa;Rosa;Rumi Yaku;;menor;1980;M\nAndi;Luis;Rumi Yaku;;menor;1980;{{}}\n"
    told = [dict(plan(text.format(other)).steps[0].told).get("Sexo") for other in "FH"]
    assert told == ["hombre", "mujer"]
    alone = plan(text.format("M")).steps[0]
    assert alone.placed_problems == [
        (
            "columna G (Sexo)",
            "«M» puede ser mujer o masculino. Escriba «mujer» u «hombre».",
        )
    ]


def test_memory_finds_the_same_people_as_the_database(villages):
    """`likeness` answers as `probable_duplicates`, with an index in place of comparing all."""
    rumi_yaku = Community.objects.get(name="Rumi Yaku")
    family = factories.family(of=rumi_yaku)
    names = [
        ("Grefa Andi", "Rosa Elena"), ("Grefa", "Rosa"), ("Greffa Andy", "Rosa"),
        ("Andi Andi", "Luis"), ("Andi", "Luis"), ("Grefa Andi", "Rosaura"), ("Tapuy", "Inés"),
        ("Tapui", "Ines María"), ("Andi", "Andi"), ("Andi", "Andy Luis"),
        ("Shiguango", "Rosa Elena"),
    ]  # fmt: skip
    made = [
        factories.person(*name, of=family, born_on=None, birth_year=1980 + number % 4)
        for number, name in enumerate(names)
    ]
    people = People(Described.of(person) for person in made)
    for person in made:
        one = Described.of(person)
        found = {other.row for other in people.similar(one)} - {person.pk}
        asked = probable_duplicates(
            surnames=person.surnames,
            given_names=person.given_names,
            community=rumi_yaku,
            birth_year=person.birth_year,
            other_than=person.pk,
        )
        assert found == {other.pk for other in asked}, person.listed_name


def test_a_plan_asks_as_often_for_3_rows_as_for_300(villages):
    def rows(number):
        lines = (
            f"Grefa;Rosa {chr(65 + row % 26)}{chr(97 + row // 26)}zu;Rumi Yaku;"
            f"{factories.cedula()};;1980;F"
            for row in range(number)
        )
        return "\n".join([HEADER, *lines])

    few, many = rows(3), rows(300)
    assert len(queries_of(lambda: plan(few))) == len(queries_of(lambda: plan(many)))
