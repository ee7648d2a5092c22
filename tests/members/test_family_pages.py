"""The pages at /familias/."""

from __future__ import annotations

from datetime import date

import pytest

from members.models import Community, Family, Person
from members.services import families, partners
from tests.members.factories import (
    REASON,
    cedula,
    community,
    family,
    partner,
    person,
)
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

LIST = "/familias/"
HEAD = {
    "given_names": "Rosa Elena",
    "surnames": "Grefa Andi",
    "sex": "F",
    "kinship": "head",
    "born_on": "1980-03-25",
    "speaks_spanish": "on",
}


def names(page):
    return [row.name for row in page.context["page"]]


def looks_after(account, role, *communities):
    for one in communities:
        families.assign_community(actor=None, user=account(role), community=one)


# --- The list ------------------------------------------------------------------------------------


def test_the_list_says_how_many_with_code_community_people_and_partner(client_of):
    rosa = partner(number=17)
    person("Grefa Andi", "Sisa", of=rosa.family)
    dead = person("Grefa Andi", "Carmela", of=rosa.family)
    partners.record_death(actor=None, person=dead, died_on=date(2020, 1, 1), reason=REASON)
    page = client_of("auditor").get(LIST)
    assert "<strong>1</strong> familia en la asociación" in page.text
    row = page.context["page"][0]
    assert row.people_count == 2
    for told in (rosa.family.code, "Rumi Yaku", "Rosa Elena Grefa Andi", "n.º 17"):
        assert told in page.text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("grefa", ["Grefa Andi"]),
        ("GREFFA", ["Grefa Andi"]),
        ("shiguango", ["Andi Tanguila"]),
        ("siguango", ["Andi Tanguila"]),
        ("Quito", []),
    ],
)
def test_a_family_is_found_by_its_name_or_a_person_s_in_any_spelling(client_of, typed, found):
    family("Grefa Andi")
    person("Shiguango", "Delia", of=family("Andi Tanguila"))
    page = client_of("auditor").get(LIST, {"buscar": typed})
    assert names(page) == found
    assert ("Ninguna familia concuerda" in page.text) == (not found)


def test_a_family_is_found_by_its_number_as_on_paper(client_of):
    grefa = family("Grefa")
    family("Andi")
    for typed in (grefa.code, str(grefa.number)):
        assert names(client_of("delegate").get(LIST, {"buscar": typed})) == []
        assert names(client_of("center_operator").get(LIST, {"buscar": typed})) == ["Grefa"]


def test_filters_narrow_by_community_partner_and_state(client_of):
    serena, pano = community("Serena"), community("Pano")
    partner(person("Grefa", "Rosa", of=family("Grefa", of=serena)))
    family("Andi", of=serena)
    gone = family("Tapuy", of=pano)
    families.close_family(actor=None, family=gone, closed_on=date(2024, 1, 1), reason=REASON)
    client = client_of("auditor")
    assert names(client.get(LIST)) == ["Andi", "Grefa"]
    assert names(client.get(LIST, {"estado": "retiradas"})) == ["Tapuy"]
    assert names(client.get(LIST, {"estado": "todas", "comunidad": pano.pk})) == ["Tapuy"]
    assert names(client.get(LIST, {"socia": "con"})) == ["Grefa"]
    assert names(client.get(LIST, {"socia": "sin"})) == ["Andi"]
    assert client.get(LIST, {"socia": "x"}).status_code == 400


def test_agents_and_delegates_see_the_families_of_their_communities(client_of, account):
    serena, pano = community("Serena"), community("Pano")
    mine, other = family("Grefa", of=serena), family("Andi", of=pano)
    for role in ("extension_agent", "delegate"):
        looks_after(account, role, serena)
        client = client_of(role)
        assert names(client.get(LIST)) == ["Grefa"]
        offered = client.get(LIST).context["form"].fields["comunidad"].queryset
        assert list(offered) == [serena]
        assert client.get(mine.get_absolute_url()).status_code == 200
        for page in ("", "historia/", "corregir/", "persona-nueva/"):
            assert client.get(other.get_absolute_url() + page).status_code == 404


def test_the_list_asks_the_same_queries_for_3_and_for_300_families(client_of):
    client = client_of("administration")
    rumi = community()

    def more(number):
        start = Family.objects.count()
        for place in range(start, start + number):
            person("Grefa", f"Rosa {place}", of=family("Grefa", of=rumi))

    partner(person("Grefa", "Primera", of=family("Grefa", of=rumi)))
    assert_same_queries(more, lambda: client.get(LIST, {"estado": "todas"}))


# --- A cédula is never in an address -------------------------------------------------------------


def test_a_cedula_leads_to_the_family_by_post_and_never_by_an_address(client_of):
    number = cedula()
    rosa = person(cedula=number)
    client = client_of("administration")
    answer = client.post(LIST, {"buscar": f"{number[:9]}-{number[9]}"})
    assert answer["Location"] == rosa.family.get_absolute_url()
    assert names(client.get(LIST, {"buscar": number})) == []


def test_what_begins_several_cedulas_is_answered_at_once(client_of):
    for given, number in (("Rosa", "1500123458"), ("Delia", "1500123466")):
        person("Grefa", given, of=family(f"Grefa {given}"), cedula=number)
    answer = client_of("administration").post(LIST, {"buscar": "150012"})
    assert answer.status_code == 200
    assert names(answer) == ["Grefa Delia", "Grefa Rosa"]


@pytest.mark.parametrize("typed", ["1500123458", "150012345-8", "150 012 3458", "15001234"])
@pytest.mark.parametrize("role", ["administration", "center_operator", "delegate"])
def test_a_cedula_that_leads_nowhere_is_left_out_of_the_address(client_of, role, typed):
    answer = client_of(role).post(LIST, {"buscar": typed, "estado": "todas"})
    assert answer["Location"] == f"{LIST}?estado=todas"


def test_who_may_not_see_cedulas_finds_nobody_by_one(client_of, account):
    number = cedula()
    rosa = person(cedula=number)
    looks_after(account, "delegate", rosa.community)
    for role in ("center_operator", "delegate"):
        answer = client_of(role).post(LIST, {"buscar": number}, follow=True)
        assert answer.redirect_chain == [(LIST, 302)]
        assert "Escriba el nombre" in answer.text


def test_a_name_goes_into_the_address_with_the_filters(client_of):
    answer = client_of("auditor").post(LIST, {"buscar": " Grefa ", "socia": "con", "estado": ""})
    assert answer["Location"] == f"{LIST}?buscar=Grefa&socia=con"


# --- One family ----------------------------------------------------------------------------------


def test_a_family_is_shown_with_people_partner_and_story(client_of):
    rosa = partner(number=17)
    person("Grefa Andi", "Sisa", of=rosa.family, born_on=date(2015, 5, 6), kinship="child")
    page = client_of("administration").get(rosa.family.get_absolute_url()).text
    for told in (
        "2 personas",
        "hija o hijo",
        "Registro activo",
        "n.º 17",
        "queda en el registro legal con el número 17",
        "Últimos cambios",
        rosa.person.cedula,
    ):
        assert told in page


@pytest.mark.parametrize("role", ["center_operator", "delegate"])
def test_identity_data_are_not_in_the_pages_of_who_may_not_see_them(client_of, account, role):
    rosa = person(
        cedula=cedula(),
        phone="0987654321",
        next_of_kin_name="Bolívar Shiguango",
        next_of_kin_phone="062888999",
        note="Toma medicina",
    )
    looks_after(account, role, rosa.community)
    secret = [rosa.cedula, "0987654321", "062888999", "Bolívar", "medicina", "25 de marzo de 1980"]
    pages = [LIST, "/personas/", rosa.get_absolute_url(), rosa.family.get_absolute_url()]
    pages.append(f"{rosa.family.get_absolute_url()}historia/")
    for address in pages:
        text = client_of(role).get(address).text
        assert rosa.surnames in text
        assert [told for told in secret if told in text] == [], address
    assert "de 30 a 64 años" in client_of(role).get(rosa.get_absolute_url()).text
    told = client_of("administration").get(rosa.get_absolute_url()).text
    assert [one for one in secret if one not in told] == []


def test_a_family_s_page_asks_the_same_queries_for_1_and_for_30_people(client_of):
    client, home = client_of("administration"), family()

    def more(number):
        start = Person.objects.count()
        for place in range(start, start + number):
            person("Grefa", f"Rosa {place}", of=home)

    assert_same_queries(more, lambda: client.get(home.get_absolute_url()), few=1, many=30)


def test_the_story_is_filtered_by_kind_and_year_in_the_address(client_of):
    rosa = partner()
    client, address = client_of("auditor"), f"{rosa.family.get_absolute_url()}historia/"
    page = client.get(address, {"clase": "socios", "ano": 2022})
    assert "De Socias y socios, en 2022." in page.text
    assert len(page.context["story"].told) == 2
    assert "Aquí no hay nada anotado" in client.get(address, {"ano": 1999}).text
    assert client.get(address, {"ano": "ayer"}).status_code == 400
    assert client.get(address, {"clase": "votos"}).status_code == 400


# --- Writing -------------------------------------------------------------------------------------


def test_an_agent_registers_a_family_with_its_first_person_in_one_act(client_of, account):
    rumi, pano = community("Rumi Yaku"), community("Pano")
    looks_after(account, "extension_agent", rumi)
    client = client_of("extension_agent")
    told = HEAD | {"community": rumi.pk, "cedula": cedula()}
    elsewhere = client.post(f"{LIST}nueva/", told | {"community": pano.pk})
    assert elsewhere.context["form"].has_error("community")
    answer = client.post(f"{LIST}nueva/", told, follow=True)
    made = Family.objects.get()
    assert answer.redirect_chain == [(made.get_absolute_url(), 302)]
    assert "queda registrada con Rosa Elena Grefa Andi" in answer.text
    assert (made.name, made.people.get().kinship) == ("Grefa Andi", "head")


def test_a_family_is_not_kept_when_its_first_person_is_refused(client_of):
    rumi = community()
    taken = person(of=family(of=rumi))
    client = client_of("manager")
    told = HEAD | {"community": rumi.pk, "cedula": taken.cedula, "given_names": "Otra"}
    page = client.post(f"{LIST}nueva/", told)
    assert page.context["form"].has_error("cedula", "cedula_taken")
    assert Family.objects.count() == 1
    neither = client.post(f"{LIST}nueva/", HEAD | {"community": rumi.pk})
    assert neither.context["form"].has_error("cedula")
    assert 'href="#id_cedula"' in neither.text


def test_a_family_is_corrected_retired_and_received_again_with_reasons(client_of):
    home, pano = family("Grefa"), community("Pano")
    client, address = client_of("manager"), home.get_absolute_url()
    told = {"name": "Grefa Tanguila", "community": pano.pk, "joined_on": "", "note": ""}
    assert client.post(f"{address}corregir/", told).context["form"].has_error("reason")
    client.post(f"{address}corregir/", told | {"reason": "Acta 7"})
    home.refresh_from_db()
    assert (home.name, home.community) == ("Grefa Tanguila", pano)
    client.post(f"{address}retirar/", {"closed_on": "2024-03-01", "reason": "Se mudaron"})
    page = client.get(address).text
    assert "Retirada desde el 1 de marzo de 2024" in page
    assert "Registrar persona" not in page
    assert (
        "está otra vez"
        in client.post(f"{address}reabrir/", {"reason": "Volvieron"}, follow=True).text
    )


def test_a_family_with_a_partner_is_not_retired(client_of):
    rosa = partner()
    told = {"closed_on": "2024-03-01", "reason": "Se mudaron"}
    page = client_of("manager").post(f"{rosa.family.get_absolute_url()}retirar/", told)
    assert "Anote primero su salida" in page.text


def test_the_menu_leads_to_the_families(client_of):
    for role in ("delegate", "administration"):
        assert f'href="{LIST}"' in client_of(role).get("/").text
    assert Community.objects.count() == 0


# --- Communities: who lives there, and who looks after them --------------------------------------


def test_a_community_s_page_says_who_lives_there_to_who_may_know(client_of, account):
    rosa = partner(person(of=family(of=community("Serena"))))
    person("Grefa", "Sisa", of=rosa.family)
    pano = community("Pano")
    looks_after(account, "delegate", pano)
    page = client_of("auditor").get(rosa.community.get_absolute_url())
    assert page.context["lives_here"] == {"families": 1, "people": 2, "partners": 1}
    assert f"/familias/?comunidad={rosa.community.pk}" in page.text
    delegate = client_of("delegate")
    assert delegate.get(rosa.community.get_absolute_url()).context["lives_here"] is None
    assert delegate.get(pano.get_absolute_url()).context["lives_here"]["families"] == 0


def test_the_office_gives_a_community_to_an_agent_and_takes_it_back(client_of, account):
    serena, agent = community("Serena"), account("extension_agent")
    client, address = client_of("manager"), f"{serena.get_absolute_url()}"
    offered = client.get(f"{address}encargar/").context["form"].fields["user"].queryset
    assert agent in offered
    assert account("auditor") not in offered
    answer = client.post(f"{address}encargar/", {"user": agent.pk}, follow=True)
    assert "tiene ahora a cargo Serena" in answer.text
    held = agent.community_assignments.get()
    assert client.post(f"{address}encargar/", {"user": agent.pk}).context["form"].errors
    back = f"{address}encargados/{held.pk}/retirar/"
    assert client.post(back, {"reason": ""}).context["form"].has_error("reason")
    client.post(back, {"reason": "Otra zona"})
    assert not agent.community_assignments.exists()
    assert "Nadie todavía" in client.get(address).text
    assert "Quién la tiene a cargo" not in client_of("delegate").get(address).text


def test_the_home_page_tells_agents_and_delegates_what_is_theirs(client_of, account):
    rumi = community()
    partner(person(of=family(of=rumi)))
    family("Tapuy", of=community("Pano"))
    assert "Ninguna todavía" in client_of("delegate").get("/").text
    for role in ("extension_agent", "delegate"):
        looks_after(account, role, rumi)
    agent, delegate = (
        client_of("extension_agent").get("/").text,
        client_of("delegate").get("/").text,
    )
    for page in (agent, delegate):
        assert "1 comunidad ·" in page
        assert "1 familia ·" in page
    assert "/familias/nueva/" in agent
    assert "/familias/nueva/" not in delegate
    assert "<strong>2</strong> familias" in client_of("auditor").get("/").text
