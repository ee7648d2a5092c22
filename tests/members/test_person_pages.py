"""The pages at /personas/."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from members.models import BankAccount, Person
from members.services import families, partners
from tests.files.samples import picture
from tests.members.factories import REASON, bank_account, cedula, community, family, partner, person
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

LIST = "/personas/"
TOLD = {"given_names": "Rosa Elena", "surnames": "Grefa Andi", "speaks_spanish": "on"}


def names(page):
    return [row.listed_name for row in page.context["page"]]


# --- The list ------------------------------------------------------------------------------------


def test_people_are_found_in_any_spelling_and_by_a_partner_s_number(client_of):
    partner(person("Shiguango Andi", "Delia"), number=305)
    person("Grefa", "Rosa", of=family("Grefa"))
    client = client_of("center_operator")
    assert names(client.get(LIST)) == ["Grefa Rosa", "Shiguango Andi Delia"]
    for typed in ("siguango", "delia shiguango", "305"):
        assert names(client.get(LIST, {"buscar": typed})) == ["Shiguango Andi Delia"]
    assert names(client.get(LIST, {"buscar": "306"})) == []


def test_people_are_filtered(client_of):
    pano, serena = community("Pano"), community("Serena")
    person("Grefa", "Rosa", of=family("Grefa", of=pano))
    without = {"cedula": None, "cedula_missing_reason": "Perdida"}
    person("Andi", "Luis", sex="M", of=family("Andi", of=serena), **without)
    dead = person("Tapuy", "Carmela", of=family("Tapuy", of=pano))
    partners.record_death(actor=None, person=dead, died_on=date(2024, 1, 1), reason=REASON)
    client = client_of("auditor")
    assert names(client.get(LIST, {"sexo": "M"})) == ["Andi Luis"]
    assert names(client.get(LIST, {"cedula": "no"})) == ["Andi Luis"]
    assert names(client.get(LIST, {"estado": "fallecidas"})) == ["Tapuy Carmela"]
    assert names(client.get(LIST, {"comunidad": pano.pk})) == ["Grefa Rosa"]
    blind = client_of("center_operator").get(LIST, {"cedula": "no"})
    assert len(names(blind)) == 2


def test_a_cedula_leads_to_the_person_by_post_alone(client_of):
    number = cedula()
    rosa = person(cedula=number)
    client = client_of("accountant")
    assert client.post(LIST, {"buscar": number})["Location"] == rosa.get_absolute_url()
    assert names(client.get(LIST, {"buscar": number})) == []
    assert client.post(LIST, {"buscar": "1500123458"})["Location"] == LIST
    assert client_of("center_operator").post(LIST, {"buscar": number})["Location"] == LIST


def test_the_list_asks_the_same_queries_for_3_and_for_300_people(client_of):
    client, home = client_of("administration"), family()
    partner(person("Grefa", "Primera", of=home))

    def more(number):
        start = Person.objects.count()
        for place in range(start, start + number):
            person("Grefa", f"Rosa {place}", of=home)

    assert_same_queries(more, lambda: client.get(LIST, {"buscar": "grefa"}))


# --- One person ----------------------------------------------------------------------------------


def test_a_person_is_shown_with_what_one_may_know(client_of):
    rosa = partner(person(phone="098 765 4321", speaks_kichwa=True), number=17).person
    page = client_of("auditor").get(rosa.get_absolute_url()).text
    for told in ("tel:0987654321", "Kichwa, español", "25 de marzo de 1980", "n.º 17", rosa.cedula):
        assert told in page
    assert "Corregir ficha" not in page


def test_somebody_of_another_community_is_not_there_for_an_agent(client_of, account):
    mine, other = community("Serena"), community("Pano")
    families.assign_community(actor=None, user=account("extension_agent"), community=mine)
    rosa = person(of=family(of=other))
    client = client_of("extension_agent")
    for page in ("", "foto/", "foto/nueva/", "corregir/", "otra-familia/"):
        assert client.get(rosa.get_absolute_url() + page).status_code == 404
        assert client.post(rosa.get_absolute_url() + page).status_code in {404, 405}


# --- Writing: nobody twice -----------------------------------------------------------------------


def test_probable_duplicates_are_shown_before_saving_and_then_believed(client_of):
    rumi = community()
    known = person("Grefa Andi", "Rosa", of=family("Grefa", of=rumi), born_on=date(1980, 7, 1))
    home, client = family("Andi", of=rumi), client_of("administration")
    address = f"{home.get_absolute_url()}persona-nueva/"
    told = TOLD | {"birth_year": "1981", "cedula_missing_reason": "En trámite"}
    asked = client.post(address, told)
    assert asked.status_code == 200
    assert asked.context["duplicates"] == [known]
    for shown in (
        "Nació en 1980",
        known.family.code,
        known.get_absolute_url(),
        "Lo he revisado: es otra persona",
        'value="Rosa Elena"',
    ):
        assert shown in asked.text
    assert Person.objects.count() == 1
    answer = client.post(address, told | {"distinct": "on"}, follow=True)
    assert "queda en la familia Andi" in answer.text
    assert Person.objects.count() == 2


@pytest.mark.parametrize(("born_on", "offered"), [(date(2017, 5, 11), False), (None, True)])
def test_nobody_applies_for_a_child(client_of, born_on, offered):
    child = person(born_on=born_on, birth_year=born_on and born_on.year)
    page = client_of("administration").get(child.get_absolute_url()).text
    assert ("Anotar su solicitud" in page) is offered
    assert ("Los cumple el 11 de mayo de 2035." in page) is not offered


def test_a_first_look_at_the_form_asks_nothing_needless(client_of):
    page = client_of("administration").get(f"{family().get_absolute_url()}persona-nueva/").text
    assert "Lo he revisado" not in page
    assert "¿Es una de ellas?" not in page


def test_a_taken_cedula_is_never_passed_over_nor_tells_a_stranger_whose_it_is(client_of, account):
    serena, pano = community("Serena"), community("Pano")
    families.assign_community(actor=None, user=account("extension_agent"), community=serena)
    known = person("Tapuy", "Luis", of=family("Tapuy", of=pano))
    client = client_of("extension_agent")
    address = f"{family('Grefa', of=serena).get_absolute_url()}persona-nueva/"
    page = client.post(address, TOLD | {"cedula": known.cedula, "distinct": "on"})
    assert page.context["form"].has_error("cedula", "cedula_taken")
    assert "Tapuy" not in page.text
    assert "Luis" not in page.text
    assert "Pano" in page.text
    assert known.get_absolute_url() not in page.text
    assert "pregunte a administración" in page.text
    assert Person.objects.count() == 1
    families.assign_community(actor=None, user=account("extension_agent"), community=pano)
    page = client.post(address, TOLD | {"cedula": known.cedula, "distinct": "on"})
    assert "Tapuy Luis" in page.text
    assert known.get_absolute_url() in page.text
    assert Person.objects.count() == 1


def test_without_a_cedula_the_reason_is_asked_at_the_field(client_of):
    client, home = client_of("administration"), family()
    address = f"{home.get_absolute_url()}persona-nueva/"
    page = client.post(address, TOLD)
    assert page.context["form"].has_error("cedula")
    both = client.post(address, TOLD | {"cedula": cedula(), "cedula_missing_reason": "Perdida"})
    assert both.context["form"].has_error("cedula")
    wrong = client.post(address, TOLD | {"cedula": "1500123450"})
    assert "dígito verificador" in wrong.text
    assert client.post(address, TOLD | {"cedula": "150012345-8"}).status_code == 302
    assert home.people.get().cedula == "1500123458"


def test_a_person_is_corrected_with_a_reason(client_of):
    rosa = person()
    client, address = client_of("manager"), f"{rosa.get_absolute_url()}corregir/"
    told = TOLD | {"given_names": "Rosa", "cedula": rosa.cedula, "born_on": "1980-03-26"}
    assert client.post(address, told).context["form"].has_error("reason")
    client.post(address, told | {"reason": "Acta de nacimiento"})
    rosa.refresh_from_db()
    assert (rosa.given_names, rosa.born_on) == ("Rosa", date(1980, 3, 26))
    taken = person("Andi", "Luis").cedula
    page = client.post(address, told | {"cedula": taken, "reason": "x"})
    assert page.context["form"].has_error("cedula", "cedula_taken")
    assert "Andi Luis" in page.text


def test_a_correction_that_makes_a_person_resemble_another_asks_first(client_of):
    known, luz = person("Grefa Andi", "Rosa Elena"), person("Cerda", "Luz")
    client, address = client_of("manager"), f"{luz.get_absolute_url()}corregir/"
    told = TOLD | {
        "surnames": "Grefa",
        "given_names": "Rosa",
        "cedula": luz.cedula,
        "born_on": "1980-03-25",
        "reason": "Cédula nueva",
    }
    page = client.post(address, told)
    assert known.listed_name in page.text
    assert 'type="checkbox" name="distinct"' in page.text
    assert client.post(address, told | {"distinct": "on"}).status_code == 302
    luz.refresh_from_db()
    assert luz.surnames == "Grefa"


def test_a_person_moves_to_a_family_that_was_looked_for(client_of):
    rosa = person("Grefa", "Rosa")
    new = family("Andi Tanguila")
    client, address = client_of("administration"), f"{rosa.get_absolute_url()}otra-familia/"
    found = client.get(address, {"buscar": "tanguila"})
    assert f"?familia={new.pk}" in found.text
    assert rosa.family.code not in [one.code for one in found.context["families"]]
    there = f"{address}?familia={new.pk}"
    assert "Pasa a la familia" in client.get(there).text
    assert client.post(there, {"reason": ""}).context["form"].has_error("reason")
    client.post(there, {"reason": "Se casó"})
    rosa.refresh_from_db()
    assert rosa.family == new


def test_a_partner_does_not_move_before_the_membership_ends(client_of):
    rosa, new = partner(), family("Andi")
    page = client_of("administration").post(
        f"{rosa.person.get_absolute_url()}otra-familia/?familia={new.pk}", {"reason": "Se casó"}
    )
    assert "Anote primero su salida" in page.text


# --- Photographs ---------------------------------------------------------------------------------


def test_a_photograph_is_taken_and_seen_by_who_sees_the_person(client_of, account):
    rosa = person()
    address = f"{rosa.get_absolute_url()}foto/"
    client = client_of("administration")
    assert client.get(address).status_code == 404
    upload = SimpleUploadedFile("rosa.jpg", picture(900, 600), "image/jpeg")
    sent = client.post(f"{address}nueva/", {"photograph": upload, "reason": "Con su permiso"})
    assert sent["Location"] == rosa.get_absolute_url()
    small, large = client.get(address), client.get(address, {"grande": ""})
    assert small["Content-Type"] == "image/jpeg"
    assert small["Cache-Control"] == "private, no-cache"
    widths = [Image.open(io.BytesIO(one.content)).width for one in (small, large)]
    assert widths[0] < widths[1]
    assert f'src="{address}"' in client.get(rosa.get_absolute_url()).text
    delegate = client_of("delegate")
    assert delegate.get(address).status_code == 404
    families.assign_community(actor=None, user=account("delegate"), community=rosa.community)
    assert delegate.get(address).status_code == 200


def test_a_paper_is_no_photograph(client_of):
    rosa = person()
    upload = SimpleUploadedFile("rosa.jpg", b"%PDF-1.7", "image/jpeg")
    page = client_of("administration").post(
        f"{rosa.get_absolute_url()}foto/nueva/", {"photograph": upload, "reason": "x"}
    )
    assert page.context["form"].has_error("photograph")


# --- Bank accounts -------------------------------------------------------------------------------


def test_another_account_closes_the_former(client_of):
    rosa = person()
    former = bank_account(rosa)
    client, address = client_of("accountant"), f"{rosa.get_absolute_url()}cuentas/"
    told = {"institution": "BanEcuador", "kind": "savings", "number": "4400998877"}
    told |= {"on": "2025-02-03"}
    assert client.post(address, told).context["form"].has_error("reason")
    assert client.post(address, told | {"reason": "Lo pidió"}).status_code == 302
    former.refresh_from_db()
    assert former.closed_on == date(2025, 2, 3)
    page = client.get(address).text
    assert "4400998877" in page
    assert "2200114455" in page
    assert "En desuso desde" in page


def test_bank_numbers_are_on_no_page_of_who_may_not_see_them(client_of):
    rosa = person()
    bank_account(rosa)
    for role in ("administration", "accountant", "auditor"):
        assert "2200114455" in client_of(role).get(f"{rosa.get_absolute_url()}cuentas/").text
    for role in ("manager", "surveillance", "center_operator"):
        page = client_of(role).get(rosa.get_absolute_url()).text
        assert "Cuentas bancarias" not in page
        assert "2200114455" not in page
    assert (
        "Guardar cuenta" not in client_of("auditor").get(f"{rosa.get_absolute_url()}cuentas/").text
    )


def test_an_account_is_closed_without_another(client_of):
    rosa = person()
    account = bank_account(rosa)
    client = client_of("administration")
    address = f"{rosa.get_absolute_url()}cuentas/{account.pk}/cerrar/"
    client.post(address, {"closed_on": "2025-03-04", "reason": "Cobra en efectivo"})
    assert BankAccount.objects.get().closed_on == date(2025, 3, 4)
    other = person("Andi", "Luis")
    elsewhere = f"{other.get_absolute_url()}cuentas/{account.pk}/cerrar/"
    assert client.get(elsewhere).status_code == 404


# --- Labels and names ----------------------------------------------------------------------------


def test_names_are_shown_and_never_run(client_of):
    rosa = person("<b>Grefa</b>", "<script>alert(1)</script>", note="<i>y</i>")
    client = client_of("administration")
    for address in (LIST, rosa.get_absolute_url(), rosa.family.get_absolute_url(), "/familias/"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<b>Grefa" not in page
        assert "<i>y" not in page


def test_a_death_is_noted_and_that_of_a_partner_at_the_membership(client_of):
    rosa, sisa = partner(), person("Andi", "Sisa")
    client = client_of("administration")
    answer = client.get(f"{rosa.person.get_absolute_url()}fallecimiento/")
    assert answer["Location"] == f"{rosa.get_absolute_url()}fallecimiento/"
    address = f"{sisa.get_absolute_url()}fallecimiento/"
    client.post(address, {"died_on": "2024-05-06", "reason": "Partida de defunción"})
    sisa.refresh_from_db()
    assert sisa.died_on == date(2024, 5, 6)
    assert "Falleció el 6 de mayo de 2024" in client.get(sisa.get_absolute_url()).text


def test_a_death_noted_of_the_wrong_person_is_withdrawn_by_the_office(client_of):
    rosa = partner()
    partners.record_death(actor=None, person=rosa.person, died_on=date(2024, 1, 1), reason=REASON)
    page, client = rosa.person.get_absolute_url(), client_of("administration")
    address = f"{page}fallecimiento/corregir/"
    assert address in client.get(page).text
    assert address not in client_of("extension_agent").get(page).text
    assert "2024-01-01" in client.get(address).text
    moved = {"died_on": "2021-01-02", "reason": REASON}
    assert "después de ese día" in client.post(address, moved).text
    said = client.post(address, {"died_on": "2024-01-02", "reason": REASON}, follow=True).text
    assert "Falleció el 2 de enero de 2024" in said
    said = client.post(address, {"died_on": "", "reason": REASON}, follow=True).text
    assert "Ya no consta el fallecimiento" in said
    assert address not in said
    rosa.refresh_from_db()
    assert rosa.is_member
    assert client.get(address)["Location"] == page
