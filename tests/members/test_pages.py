"""The pages at /comunidades/."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from members.models import Community
from members.services import communities as services
from tests.members.factories import community, family, partner, person
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

LIST = "/comunidades/"
OFFICE = ["administration", "manager"]


def names(page):
    return [row.name for row in page.context["page"]]


def test_the_list_says_how_many_there_are_in_which_order(client_of):
    for name in ("Serena", "Ñukanchik Kawsay", "Bajo Talag"):
        community(name)
    page = client_of("delegate").get(LIST)
    assert names(page) == ["Bajo Talag", "Ñukanchik Kawsay", "Serena"]
    assert "<strong>3</strong> comunidades abiertas" in page.text
    assert "en orden alfabético" in page.text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Rumi Yacu", ["Rumi Yaku"]),
        ("el mirador", ["Mirador"]),
        ("apaai isla", ["Islas APAAI"]),
        ("yaku", ["Jatun Yaku", "Rumi Yaku"]),
        ("Quito", []),
        ("%", ["Islas APAAI", "Jatun Yaku", "Mirador", "Rumi Yaku"]),
    ],
)
def test_the_list_finds_a_name_in_any_spelling(client_of, typed, found):
    for name in ("Rumi Yaku", "Jatun Yaku", "Mirador", "Islas APAAI"):
        community(name)
    page = client_of("extension_agent").get(LIST, {"buscar": typed})
    assert names(page) == found
    assert ("Ninguna comunidad suena así" in page.text) == (not found)


def test_closed_communities_are_shown_on_demand(client_of):
    community("Serena")
    services.close_community(
        actor=None, community=community("Pano"), closed_on=date(2026, 3, 1), reason="Acta 4"
    )
    client = client_of("auditor")
    assert names(client.get(LIST)) == ["Serena"]
    assert names(client.get(LIST, {"estado": "cerradas"})) == ["Pano"]
    assert names(client.get(LIST, {"estado": "todas"})) == ["Pano", "Serena"]
    assert client.get(LIST, {"estado": "x"}).status_code == 400


def test_filters_stay_in_the_address_from_page_to_page(client_of):
    for number in range(51):
        community(f"Aldea {number}")
    page = client_of("auditor").get(LIST, {"buscar": "aldea"})
    assert "?buscar=aldea&amp;page=2" in page.text
    assert len(names(client_of("auditor").get(LIST, {"buscar": "aldea", "page": 2}))) == 1


def test_the_list_asks_the_same_queries_for_3_and_for_300_communities(client_of):
    client = client_of("administration")

    def more(number):
        start = Community.objects.count()
        for place in range(start, start + number):
            community(f"Aldea {place}", f"Pueblo {place}")

    assert_same_queries(more, lambda: client.get(LIST, {"buscar": "aldea"}))


def test_the_admin_s_list_asks_the_same_queries_for_3_and_for_300_communities(client_of):
    client = client_of("administration")

    def more(number):
        start = Community.objects.count()
        for place in range(start, start + number):
            community(f"Aldea {place}", f"Pueblo {place}")

    def ask():
        assert client.get("/admin/members/community/?q=aldea").status_code == 200

    assert_same_queries(more, ask)


def test_a_community_is_shown_with_its_spellings(client_of):
    rumi = community("Rumi Yaku", "Rumi Yacu", canton="Tena")
    page = client_of("delegate").get(rumi.get_absolute_url())
    assert "Rumi Yacu" in page.text
    assert "Tena" in page.text
    assert "Últimos cambios" not in page.text
    assert client_of("delegate").get(f"{LIST}999999/").status_code == 404


def test_who_reads_history_sees_the_newest_changes(client_of):
    rumi = community("Rumi Yaku")
    services.correct_community(
        actor=None, community=rumi, parish="Muyuna", reason="Mapa del cantón"
    )
    page = client_of("auditor").get(rumi.get_absolute_url())
    assert "Mapa del cantón" in page.text
    assert f"/auditoria/?modelo=members.community&amp;objeto={rumi.pk}" in page.text
    assert client_of("auditor").get(page.context["newest"].url).status_code == 200


@pytest.mark.parametrize("role", OFFICE)
def test_the_office_registers_a_community(client_of, role):
    client = client_of(role)
    answer = client.post(f"{LIST}nueva/", {"name": "Pano", "canton": "Tena"}, follow=True)
    pano = Community.objects.get()
    assert answer.redirect_chain == [(pano.get_absolute_url(), 302)]
    assert "La comunidad Pano queda registrada." in answer.text
    assert Community.history.get().history_user_id == answer.context["user"].pk


def test_a_similar_name_is_asked_about_and_then_believed(client_of):
    community("Santa Bárbara")
    client = client_of("administration")
    told = {"name": "Santa Barbra", "canton": "Tena"}
    asked = client.post(f"{LIST}nueva/", told)
    assert asked.status_code == 200
    assert "Santa Bárbara" in asked.text
    assert 'type="checkbox"' in asked.text
    assert 'value="Santa Barbra"' in asked.text
    assert Community.objects.count() == 1
    client.post(f"{LIST}nueva/", told | {"distinct": "on"})
    assert Community.objects.count() == 2


def test_a_first_look_at_the_form_asks_nothing_needless(client_of):
    assert 'type="checkbox"' not in client_of("administration").get(f"{LIST}nueva/").text


def test_a_taken_name_is_refused_with_the_community_that_has_it(client_of):
    community("Islas APAAI", "Isla Apaai")
    page = client_of("administration").post(f"{LIST}nueva/", {"name": "ISLA APAAI"})
    assert page.context["form"].has_error("name", "spelling_taken")
    assert "Islas APAAI" in page.text


def test_a_correction_renames_and_moves_and_asks_why(client_of):
    rumi = community("Rumi Yacu")
    client, address = client_of("manager"), f"{LIST}{rumi.pk}/corregir/"
    told = {"name": "Piedra Grande", "canton": "Tena", "parish": "", "note": ""}
    refused = client.post(address, told)
    assert refused.context["form"].has_error("reason", "required")
    assert "Corregir Rumi Yacu" in refused.text
    client.post(address, told | {"reason": "Acta 7"})
    rumi.refresh_from_db()
    assert (rumi.name, rumi.canton) == ("Piedra Grande", "Tena")
    assert rumi.aliases.get().spelling == "Rumi Yacu"
    assert {row.history_change_reason for row in Community.history.all()[:2]} == {"Acta 7"}


def test_an_agent_adds_a_spelling_and_nothing_else(client_of):
    rumi = community("Rumi Yaku")
    client = client_of("extension_agent")
    page = client.get(rumi.get_absolute_url()).text
    assert "Añadir otra escritura" in page
    assert "Corregir datos" not in page
    answer = client.post(
        f"{LIST}{rumi.pk}/escritura/", {"spelling": "Piedra", "source": "doña Carmela"}, follow=True
    )
    assert "se encuentra desde ahora también como «Piedra»" in answer.text
    again = client.post(f"{LIST}{rumi.pk}/escritura/", {"spelling": "PIEDRA"})
    assert again.context["form"].has_error("spelling", "alias_known")
    for page in ("corregir", "cerrar", "abrir"):
        assert client.post(f"{LIST}{rumi.pk}/{page}/").status_code == 404
    assert client.post(f"{LIST}nueva/").status_code == 404


def test_a_community_is_closed_and_opened_again_with_a_reason(client_of):
    rumi = community("Rumi Yaku")
    client = client_of("administration")
    told = {"closed_on": "2026-03-01", "reason": "Nadie entrega"}
    assert client.post(f"{LIST}{rumi.pk}/cerrar/", told | {"reason": ""}).status_code == 200
    assert client.post(f"{LIST}{rumi.pk}/cerrar/", told).status_code == 302
    page = client.get(rumi.get_absolute_url()).text
    assert "Cerrada desde el 1 de marzo de 2026" in page
    assert "Abrir otra vez" in page
    twice = client.post(f"{LIST}{rumi.pk}/cerrar/", told)
    assert "ya está cerrada" in twice.text
    assert client.post(f"{LIST}{rumi.pk}/abrir/", {"reason": "Volvieron"}).status_code == 302
    rumi.refresh_from_db()
    assert rumi.is_open


def test_names_are_shown_and_never_run(client_of):
    hostile = community("<script>alert(1)</script>", "<b>x</b>", note="<i>y</i>")
    client = client_of("administration")
    for address in (LIST, hostile.get_absolute_url(), f"{hostile.get_absolute_url()}corregir/"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<b>x" not in page
        assert "<i>y" not in page


def test_the_home_page_leads_to_the_communities(client_of):
    community("Serena")
    for role in ("administration", "delegate"):
        assert 'href="/comunidades/"' in client_of(role).get("/").text


# --- The admin -----------------------------------------------------------------------------------

NO_ALIASES = {"aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}


def test_the_admin_finds_any_spelling(client_of):
    community("Rumi Yaku")
    community("Serena")
    page = client_of("administration").get("/admin/members/community/?q=rumy yacu")
    assert [row.name for row in page.context["cl"].result_list] == ["Rumi Yaku"]


def test_the_admin_enters_through_the_service(client_of):
    community("Santa Bárbara")
    client = client_of("administration")
    address = "/admin/members/community/add/"
    similar = client.post(address, {"name": "Santa Barbra", **NO_ALIASES})
    assert similar.status_code == 200
    assert "Se parece a una comunidad registrada" in similar.text
    told = {
        "name": "Pano",
        "aliases-TOTAL_FORMS": 1,
        "aliases-INITIAL_FORMS": 0,
        "aliases-0-spelling": "Panu",
    }
    assert client.post(address, told).status_code == 302
    assert Community.objects.get(name="Pano").aliases.get().spelling == "Panu"


def test_the_admin_renames_through_the_service_and_asks_why(client_of):
    rumi = community("Rumi Yacu")
    client = client_of("administration")
    address = f"/admin/members/community/{rumi.pk}/change/"
    told = {"name": "Piedra", "canton": "Tena", **NO_ALIASES}
    assert client.post(address, told).status_code == 200
    assert client.post(address, told | {"change_reason": "Acta 7"}).status_code == 302
    rumi.refresh_from_db()
    assert (rumi.name, rumi.canton) == ("Piedra", "Tena")
    assert rumi.aliases.get().spelling == "Rumi Yacu"
    assert Community.history.first().history_change_reason == "Acta 7"
    assert client.get(f"/admin/members/community/{rumi.pk}/delete/").status_code == 404


def test_the_office_shares_the_seats_of_the_general_board(client_of):
    serena, pano = community("Serena"), community("Pano")
    for village, many in ((serena, 3), (pano, 1)):
        for number in range(many):
            partner(person("Grefa", f"Rosa {number}", of=family(of=village)))
    client, address = client_of("manager"), "/comunidades/puestos/"
    shares = client.get(address).context["shares"]
    assert {one.community: (one.members, one.seats) for one in shares} == {
        serena: (3, 3),
        pano: (1, 1),
    }
    told = {"on": timezone.localdate(), "reason": "Asamblea del 3 de marzo"}
    assert client.post(address, told | {"reason": ""}).context["form"].has_error("reason")
    later = timezone.localdate() + timedelta(days=1)
    assert client.post(address, told | {"on": later}).context["form"].has_error("on")
    answer = client.post(address, told, follow=True)
    assert "Quedan repartidos 4 puestos." in answer.text
    serena.refresh_from_db()
    assert serena.delegate_seats == 3
    assert Community.history.first().history_change_reason == "Asamblea del 3 de marzo"
