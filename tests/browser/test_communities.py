"""Communities in a browser: nothing is fetched from elsewhere, nothing breaks, all can be done."""

from __future__ import annotations

from playwright.sync_api import expect

from members.models import Community
from tests.members.factories import community


def test_a_list_is_looked_at_and_imported(signed_in, db):
    barbara = community("Santa Bárbara")
    page = signed_in("administration").new_page()
    page.goto("/comunidades/")
    page.get_by_role("link", name="Importar lista").click()
    page.get_by_label("Archivo XLSX o CSV").set_input_files(
        {
            "name": "comunidades.csv",
            "mimeType": "text/csv",
            "buffer": "Comunidad;Cantón\nSanta Barbra;\nPano;Tena\n;Tena\n".encode(),
        }
    )
    page.get_by_role("button", name="Ver qué haría").click()
    expect(page.get_by_text("Falta el nombre.")).to_be_visible()
    assert Community.objects.count() == 1
    page.get_by_label("Es Santa Bárbara: añadir esta escritura").check()
    page.get_by_role("button", name="Importar 1 fila y lo decidido").click()
    expect(page.get_by_role("heading", name="Importación terminada")).to_be_visible()
    page.goto("/comunidades/")
    page.get_by_label("Nombre").fill("santa varvra")
    page.get_by_label("Nombre").press("Enter")
    expect(page.get_by_role("link", name="Santa Bárbara")).to_be_visible()
    assert barbara.aliases.get().spelling == "Santa Barbra"


def test_a_similar_name_is_asked_about(signed_in, db):
    community("Santa Bárbara")
    page = signed_in("administration").new_page()
    page.goto("/comunidades/nueva/")
    page.get_by_label("Nombre").fill("Santa Barbra")
    page.get_by_role("button", name="Registrar comunidad").click()
    page.get_by_label("Lo he revisado: es otra comunidad").check()
    page.get_by_role("button", name="Registrar comunidad").click()
    expect(page.get_by_role("heading", name="Santa Barbra")).to_be_visible()


def test_the_api_is_documented_in_our_words(context, db):
    page = context.new_page()
    page.goto("/api/v1/docs/")
    page.locator("#operations-tag-communities button").click()
    operation = page.locator("#operations-communities-communities_create")
    operation.get_by_text("Registrar una comunidad").click()
    expect(operation.get_by_role("button", name="Probar")).to_be_visible()
    expect(page.get_by_role("button", name="Poner la clave")).to_be_visible()
    for english in ("Authorize", "Try it out", "Parameters", "Responses", "Request body"):
        expect(page.get_by_text(english, exact=True)).to_have_count(0)
