"""The pages of quality, through the door people use."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from harvests.models import Grade, GradeEdition, LabResult, QualityTest
from harvests.rules import CADMIUM_CHOCOLATE
from harvests.services import quality
from kallari.rules.services import confirm_rule_value
from tests.files.samples import HTML, PDF, PROGRAM, picture
from tests.harvests import works
from tests.harvests.tests_of_quality import cadmium, newer, noted, tasted
from tests.members.factories import community, family
from tests.people import make_account
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

CUT = {
    "well_fermented": "68",
    "slightly_fermented": "10",
    "violet": "14",
    "slaty": "7",
    "mouldy": "1",
    "insect_damaged": "",
    "germinated": "",
    "defective": "",
    "beans_weight_g": "131,5",
    "beans_per_100g": "",
    "moisture_percent": "7,2",
    "foreign_matter_percent": "",
    "variety": "",
    "sampler": "Rosa Grefa",
    "note": "",
}
"""A hundred beans of ASSS, as they are typed."""


@pytest.fixture
def world():
    return tasted()


@pytest.fixture
def office(client_of):
    return client_of("administration")


def _said(response):
    text = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def _hidden(response, name):
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', response.text)
    return found[1] if found else ""


def _cut(world, **told):
    at = timezone.localtime() - timedelta(minutes=10)
    return {**CUT, "tested_at": at.strftime("%Y-%m-%dT%H:%M"), **told}


def _note_address(world):
    return f"/calidad/nueva/lote/{world.lot.code}/"


def _reviewed(office, address, told):
    """What is typed, and the page that shows what it would be."""
    told = told | {"key": _hidden(office.get(address), "key")}
    shown = office.post(address, told)
    return told | {"looked_at": _hidden(shown, "looked_at")}, shown


# --- Noting a test -------------------------------------------------------------------------------


def test_a_cut_is_counted_looked_at_and_kept(office, world):
    address = _note_address(world)
    told, shown = _reviewed(office, address, _cut(world))
    said = _said(shown)
    assert "Así quedaría" in said
    assert "ASSS Arriba Superior Summer Selecto" in said
    assert "sin confirmar" in said
    assert "Tiene 14 % de violetas; se acepta hasta 10 %" in said
    assert not QualityTest.objects.exists()  # nothing is kept by looking
    answer = office.post(address, told | {"guardar": "1"})
    test = QualityTest.objects.get()
    assert answer.url == f"/calidad/{test.pk}/"
    assert (str(test.grade), test.beans_counted, test.sampler) == ("ASSS", 100, "Rosa Grefa")
    assert (test.beans_weight_g, test.moisture_percent) == (Decimal("131.50"), Decimal("7.2"))
    page = _said(office.get(answer.url))
    assert "Prueba de calidad Q-00001" in page
    assert "Por qué no un grado mejor" in page
    assert "tamaño estándar" in page  # 10,000 ÷ 131.5 = 76 beans
    assert "78 %" in page  # fermented in all


def test_a_cut_that_nobody_weighed_says_what_is_missing_and_not_that_it_is_bad(office, world):
    address = _note_address(world)
    form = _said(office.get(address))
    assert "Peso de 100 granos (g) Sin este peso" in form  # and not «(opcional)»
    assert "Humedad (%) (opcional)" in form
    told, shown = _reviewed(office, address, _cut(world, beans_weight_g=""))
    said = _said(shown)
    assert "Sin calificar: falta pesar 100 granos" in said
    assert "Bajo la tabla" not in said
    page = _said(office.post(address, told | {"guardar": "1"}, follow=True))
    assert "guardada: sin calificar: falta pesar 100 granos" in page
    assert "Bajo la tabla" not in page
    assert "sin calificar: falta el peso" in _said(office.get("/calidad/?grado=sin"))


def test_what_was_not_looked_at_is_not_kept(office, world):
    address = _note_address(world)
    told, _shown = _reviewed(office, address, _cut(world))
    changed = told | {"violet": "12", "slaty": "9", "guardar": "1"}
    again = office.post(address, changed)
    assert again.status_code == 200
    assert "Así quedaría" in again.text
    assert not QualityTest.objects.exists()
    office.post(address, changed | {"looked_at": _hidden(again, "looked_at")})
    assert QualityTest.objects.get().violet == 12


def test_the_button_touched_twice_keeps_one_test(office, world):
    address = _note_address(world)
    told, _shown = _reviewed(office, address, _cut(world))
    first, second = (office.post(address, told | {"guardar": "1"}) for _ in range(2))
    assert first.url == second.url
    assert QualityTest.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"violet": "24"}, "Suman 110 granos"),
        ({"violet": "10"}, "Suman 96 granos y no cien"),
        ({"violet": "-1"}, "mayor o igual a 0"),
        ({"moisture_percent": "abc"}, "Escriba el número en cifras"),
        ({"moisture_percent": "120"}, "menor o igual a 100"),
    ],
)
def test_what_breaks_a_rule_is_said_and_what_was_typed_stays(office, world, told, words):
    address = _note_address(world)
    _told, shown = _reviewed(office, address, _cut(world, **told))
    assert words in _said(shown)
    assert "Así quedaría" not in shown.text
    assert 'value="68"' in shown.text
    assert not QualityTest.objects.exists()


def test_moisture_alone_is_a_test_without_a_grade(office, world):
    address = _note_address(world)
    empty = dict.fromkeys(
        ("well_fermented", "slightly_fermented", "violet", "slaty", "mouldy", "beans_weight_g"), ""
    )
    told, shown = _reviewed(office, address, _cut(world, **empty))
    assert "Sin corte no hay grado" in _said(shown)
    office.post(address, told | {"guardar": "1"})
    assert QualityTest.objects.get().cut is None


def test_the_page_of_the_counters_is_light_and_works_without_script(office, world):
    page = office.get(_note_address(world)).text
    assert page.count("data-beans") == 8
    assert page.count('data-step="1"') == 8
    assert len(re.findall(r"<button[^>]*data-step[^>]*hidden", page)) == 16
    assert 'src="/static/harvests/cut_test.js"' in page
    assert "onclick" not in page


@pytest.mark.parametrize(
    "address", ["lote/L99-9999/", "proceso/F-99-0001/", "entrega/TENA-2026-9/", "otra/X/"]
)
def test_what_is_not_there_is_not_tested(office, world, address):
    assert office.get(f"/calidad/nueva/{address}").status_code == 404


def test_one_chooses_among_lots_batches_and_deliveries(office, world):
    batch = works.started(world, works.handed_in(world))
    page = _said(office.get("/calidad/nueva/"))
    for code in (world.lot.code, batch.code, world.delivery.folio):
        assert code in page
    found = _said(office.get(f"/calidad/nueva/?buscar={batch.code}"))
    assert batch.code in found
    assert world.lot.code not in found
    assert office.get(f"/calidad/nueva/proceso/{batch.code}/").status_code == 200
    assert office.get(f"/calidad/nueva/entrega/{world.delivery.folio}/").status_code == 200


# --- One test ------------------------------------------------------------------------------------


def test_a_test_is_corrected_by_another_with_its_reason(office, world):
    first = noted(world)
    address = f"/calidad/{first.pk}/corregir/"
    assert "68" in office.get(address).text
    told, _shown = _reviewed(
        office, address, _cut(world, well_fermented="58", violet="24", reason="Se contó mal.")
    )
    office.post(address, told | {"guardar": "1"})
    better = QualityTest.objects.get(replaces=first)
    assert (str(better.grade), better.why) == ("ASN", "Se contó mal.")
    page = _said(office.get(first.get_absolute_url()))
    assert "Esta prueba ya no vale" in page
    assert office.get(address).status_code == 404
    assert "Se contó mal." in _said(office.get(better.get_absolute_url()))


def test_a_newer_table_is_offered_and_not_applied(office, world):
    test = noted(world)
    assert "Hoy rige otra tabla" not in office.get(test.get_absolute_url()).text
    newer(world)
    page = _said(office.get(test.get_absolute_url()))
    assert "Hoy rige otra tabla: NTE INEN 176 (2021)" in page
    assert "ASSS" in page
    office.post(f"/calidad/{test.pk}/calificar/", {"reason": "Lo pide el comprador."})
    again = QualityTest.objects.get(replaces=test)
    assert str(again.grade) == "1"
    assert office.get(f"/calidad/{again.pk}/calificar/").status_code == 404


@pytest.mark.parametrize("hostile", [HTML, PDF, PROGRAM])
def test_a_hostile_file_is_no_photograph(office, world, hostile):
    test = noted(world)
    answer = office.post(
        f"/calidad/{test.pk}/foto/", {"upload": SimpleUploadedFile("corte.jpg", hostile)}
    )
    assert answer.status_code == 200
    assert "message-error" in answer.text
    assert not test.photographs.exists()


def test_a_photograph_is_kept_and_handed_out(office, world, client_of):
    test = noted(world)
    office.post(
        f"/calidad/{test.pk}/foto/",
        {"upload": SimpleUploadedFile("corte.jpg", picture()), "caption": "Los cien"},
    )
    kept = test.photographs.get()
    address = f"/calidad/{test.pk}/fotos/{kept.pk}/"
    assert office.get(address)["Content-Type"] == "image/jpeg"
    assert address in office.get(test.get_absolute_url()).text
    other = noted(world)
    assert office.get(f"/calidad/{other.pk}/fotos/{kept.pk}/").status_code == 404
    assert client_of("delegate").get(address).status_code == 404


def test_another_community_s_test_has_no_address(world, client_of, account):
    from members.services.families import assign_community

    serena, puni = community("Serena"), community("Puni Bocana")
    assign_community(actor=None, user=account("extension_agent"), community=serena)
    near = noted(world, delivery=works.handed_in(world, family=family(of=serena)))
    far = noted(world, delivery=works.handed_in(world, family=family(of=puni)))
    kept = quality.add_quality_photograph(actor=None, test=far, upload=picture())
    agent = client_of("extension_agent")
    assert agent.get(near.get_absolute_url()).status_code == 200
    assert agent.get(far.get_absolute_url()).status_code == 404
    assert agent.get(f"/calidad/{far.pk}/fotos/{kept.pk}/").status_code == 404
    listed = _said(agent.get("/calidad/"))
    assert near.code in listed
    assert far.code not in listed
    assert agent.get(_note_address(world)).status_code == 404


# --- Lists ---------------------------------------------------------------------------------------


def test_the_list_is_narrowed_and_says_so(office, world):
    of_lot = noted(world)
    below = noted(world, delivery=works.handed_in(world), well_fermented=38, violet=44)
    wet = quality.note_quality_test(actor=None, lot=world.lot, moisture_percent=Decimal(9))

    def shown(query):
        page = _said(office.get(f"/calidad/?{query}"))
        return {one.code for one in (of_lot, below, wet) if one.code in page}

    assert shown("") == {of_lot.code, below.code, wet.code}
    assert shown("grado=ASSS") == {of_lot.code}
    assert shown("grado=bajo") == {below.code}
    assert shown("grado=sin") == {wet.code}
    assert shown("de=entrega") == {below.code}
    assert shown(f"buscar={world.lot.code}") == {of_lot.code, wet.code}
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "Ninguna prueba es así" in office.get(f"/calidad/?desde={tomorrow}").text
    assert office.get("/calidad/?grado=XX").status_code == 400
    quality.replace_quality_test(actor=None, test=of_lot, why="Mal.", moisture_percent=Decimal(8))
    assert of_lot.code not in _said(office.get("/calidad/"))
    assert of_lot.code in _said(office.get("/calidad/?estado=todas"))


def test_lists_ask_as_often_for_3_rows_as_for_12(office, world):
    def make(number):
        for _row in range(number):
            noted(world)
            cadmium(world, report_number=f"LQ-{LabResult.objects.count()}")

    def read():
        assert office.get("/calidad/").status_code == 200
        assert office.get("/calidad/laboratorio/").status_code == 200

    assert_same_queries(make, read, many=12)


# --- Laboratories --------------------------------------------------------------------------------


def _report(**told):
    today = timezone.localdate()
    return {
        "substance": "cadmium",
        "value_mg_kg": "0,31",
        "laboratory": "Laboratorio de Quito",
        "report_number": "LQ-77",
        "sampled_on": str(today - timedelta(days=9)),
        "reported_on": str(today - timedelta(days=1)),
        "upload": SimpleUploadedFile("informe.pdf", PDF),
        **told,
    }


def test_a_result_is_noted_with_its_report_and_shown_beside_the_limit(office, world):
    address = f"/calidad/laboratorio/nuevo/{world.lot.code}/"
    answer = office.post(address, _report())
    result = LabResult.objects.get()
    assert answer.url == f"/calidad/laboratorio/{result.pk}/"
    page = _said(office.get(answer.url))
    assert "0,31 mg/kg" in page
    assert "a lo más 0,80 mg/kg" in page
    assert "sin confirmar" in page
    handed = office.get(f"{answer.url}informe/")
    assert handed["Content-Type"] == "application/pdf"
    assert handed["Content-Disposition"].startswith("attachment")
    row = CADMIUM_CHOCOLATE.row_on(timezone.localdate())
    confirm_rule_value(actor=None, row=row, reason="Reglamento leído.")
    assert "sin confirmar" not in _said(office.get(answer.url))


@pytest.mark.parametrize("hostile", [HTML, PROGRAM, b""])
def test_a_hostile_file_is_no_report(office, world, hostile):
    address = f"/calidad/laboratorio/nuevo/{world.lot.code}/"
    answer = office.post(address, _report(upload=SimpleUploadedFile("informe.pdf", hostile)))
    assert answer.status_code == 200
    assert "message-error" in answer.text
    assert not LabResult.objects.exists()


def test_a_result_above_the_limit_is_marked_and_one_not_detected_is_not(office, world):
    cadmium(world, "0.81")
    beside = "límite UE del chocolate"
    assert f"sobre 0,8, {beside}" in _said(office.get("/calidad/laboratorio/"))
    cadmium(world, "0.90", report_number="LQ-2", is_below_detection=True)
    page = _said(office.get("/calidad/laboratorio/?buscar=LQ-2"))
    assert "0,9" in page
    assert f"no pasa de 0,8, {beside}" in page
    page = _said(office.get(world.lot.get_absolute_url()))
    assert f"sobre 0,8, {beside}" in page


def test_a_result_is_corrected_and_its_report_stays(office, world):
    first = cadmium(world, upload=PDF)
    told = _report(value_mg_kg="0,13", reason="Se leyó mal.")
    del told["substance"], told["upload"]
    answer = office.post(f"/calidad/laboratorio/{first.pk}/corregir/", told)
    better = LabResult.objects.get(replaces=first)
    assert answer.url == better.get_absolute_url()
    assert (better.value_mg_kg, better.file) == (Decimal("0.13"), first.file)
    assert "ya no vale" in _said(office.get(first.get_absolute_url()))
    assert office.get(f"/calidad/laboratorio/{first.pk}/corregir/").status_code == 404


def test_a_result_without_a_report_hands_out_none(office, world):
    result = cadmium(world)
    assert office.get(f"/calidad/laboratorio/{result.pk}/informe/").status_code == 404


# --- Tables of grades ----------------------------------------------------------------------------


def test_the_usual_table_is_put_once_and_shown_unconfirmed(office):
    from tests.harvests import factories

    factories.world()
    assert "Todavía no hay una tabla" in office.get("/calidad/tablas/").text
    for _ in range(2):
        office.post("/calidad/tablas/usual/")
    page = _said(office.get("/calidad/tablas/"))
    assert GradeEdition.objects.count() == 1
    assert "NTE INEN 176 (2006)" in page
    assert "sin confirmar" in page
    assert "135–140" in page
    assert "solo CCN-51" in page


def test_the_usual_table_waits_for_the_catalogue(office):
    answer = office.post("/calidad/tablas/usual/")
    assert "Primero ponga el cacao" in _said(answer)


def test_another_edition_is_drafted_published_and_confirmed(office, world):
    answer = office.post(
        "/calidad/tablas/nueva/",
        {
            "product": world.cacao.pk,
            "like": world.table.pk,
            "name": "NTE INEN 176",
            "edition": "2021",
            "valid_from": str(timezone.localdate()),
            "source": "La norma impresa",
        },
    )
    draft = GradeEdition.objects.get(edition="2021")
    page = answer.url
    assert page == f"/calidad/tablas/{draft.pk}/"
    assert "borrador" in _said(office.get(page))
    worst = draft.grades.get(code="ASE")
    limits = {
        "position": "1",
        "code": "1",
        "name": "Grado 1",
        "fermented_min": "75,5",
        "reason": "Así lo dice la norma.",
    }
    for grade in draft.grades.exclude(pk=worst.pk):
        office.post(f"{page}grados/{grade.pk}/quitar/", {"reason": "No está en esta edición."})
    office.post(f"{page}grados/{worst.pk}/", limits)
    office.post(f"{page}grado/", limits | {"position": "2", "code": "2", "fermented_min": "60"})
    kept = list(Grade.objects.filter(edition=draft).values_list("code", "fermented_min"))
    assert kept == [("1", Decimal("75.5")), ("2", Decimal("60.0"))]
    office.post(f"{page}publicar/", {"reason": "Aprobada por la gerencia."})
    office.post(f"{page}confirmar/", {"reason": "Comparada con la norma."})
    draft.refresh_from_db()
    assert (draft.is_published, draft.confirmed) == (True, True)
    for address in ("corregir/", "grado/", "publicar/", "confirmar/", f"grados/{worst.pk}/"):
        assert office.get(f"{page}{address}").status_code == 404
    tables = _said(office.get("/calidad/tablas/"))
    assert "Anteriores y próximas Cacao: NTE INEN 176 (2006)" in tables


def test_a_draft_is_for_who_writes_it(world, office, client_of):
    office.post(
        "/calidad/tablas/nueva/",
        {"product": world.cacao.pk, "name": "Otra", "edition": "2030", "source": "La norma"},
    )
    draft = GradeEdition.objects.get(edition="2030")
    auditor = client_of("auditor")
    assert auditor.get(draft.get_absolute_url()).status_code == 404
    assert "2030" not in auditor.get("/calidad/tablas/").text
    assert auditor.get(world.table.get_absolute_url()).status_code == 200


# --- On the pages of others ----------------------------------------------------------------------


_accounts = count()


def _component(subject, role):
    request = RequestFactory().get("/")
    request.user = make_account(role, username=f"otra-{role}-{next(_accounts)}")
    template = Template("{% load quality %}{% quality_of subject %}")
    return template.render(Context({"request": request, "subject": subject}))


def test_a_lot_s_page_shows_its_tests_and_results_with_one_line(world):
    test, result = noted(world), cadmium(world)
    shown = _component(world.lot, "center_operator")
    assert test.get_absolute_url() in shown
    assert result.get_absolute_url() in shown
    assert f"/calidad/nueva/lote/{world.lot.code}/" in shown
    read = _component(world.lot, "auditor")
    assert test.get_absolute_url() in read
    assert "/calidad/nueva/" not in read
    assert _component(world.lot, "delegate").strip() == ""


def test_a_batch_and_a_delivery_show_theirs(world):
    batch = works.started(world, works.handed_in(world))
    of_batch, of_sack = noted(world, batch=batch), noted(world, delivery=world.delivery)
    assert of_batch.get_absolute_url() in _component(batch, "manager")
    assert of_sack.get_absolute_url() in _component(world.delivery, "manager")


def test_the_pages_of_a_lot_and_a_batch_show_their_quality(office, world):
    batch = works.started(world, works.handed_in(world))
    for subject, test in ((world.lot, noted(world)), (batch, noted(world, batch=batch))):
        page = office.get(subject.get_absolute_url())
        assert page.status_code == 200
        assert test.get_absolute_url() in page.text
