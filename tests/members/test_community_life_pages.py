"""The pages of community life, through the door people use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kallari.history.bulk import bulk_create_with_history
from members.models import (
    Ally,
    Attendance,
    Contribution,
    Gathering,
    InputDistribution,
    Stay,
    Volunteer,
)
from members.services import families, gatherings, inputs
from members.services.cards import issue_card
from tests.files.samples import picture
from tests.members.factories import (
    HELD_ON,
    REASON,
    ally,
    community,
    contribution,
    family,
    gathering,
    handed_out,
    input_kind,
    partner,
    person,
    stay,
    volunteer,
)
from tests.queries import assert_same_queries

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23T15:00:00+00:00")]


@pytest.fixture
def rumi():
    return community("Rumi Yaku")


@pytest.fixture
def agent(account, client_of, rumi):
    """A browser of an agent who works in Rumi Yaku."""
    client = client_of("extension_agent")
    families.assign_community(actor=None, user=account("extension_agent"), community=rumi)
    return client


def told(of, **fields):
    return {
        "kind": "minga",
        "topic": "Limpieza del camino",
        "held_on": "2026-11-20",
        "community": of.pk,
        "led_by": "Rosa Grefa",
        "hours": "3,5",
    } | fields


def test_an_agent_records_in_her_communities_and_in_no_other(agent, rumi):
    serena = community("Serena")
    refused = agent.post("/encuentros/nuevo/", told(serena))
    assert refused.status_code == 200
    assert not Gathering.objects.exists()
    made = agent.post("/encuentros/nuevo/", told(rumi))
    assert made.status_code == 302
    assert Gathering.objects.get().hours == Decimal("3.5")  # the comma is taken
    elsewhere = gathering(of=serena)
    for end in ("", "lista/", "corregir/", "hoja/"):
        assert agent.get(f"{elsewhere.get_absolute_url()}{end}").status_code == 404


def test_the_list_is_filtered_and_the_filters_stay_in_the_address(client_of, rumi):
    gathering("Poda del cacao", of=rumi)
    gathering("Camino", of=rumi, kind="minga")
    gathering("Injertos", of=rumi, held_on=date(2026, 12, 1))
    client = client_of("administration")

    def topics(query):
        page = client.get(f"/encuentros/?{query}")
        return {row.topic for row, _tally in page.context["rows"]}

    assert topics("") == {"Poda del cacao", "Camino", "Injertos"}
    assert topics("clase=minga") == {"Camino"}
    assert topics("estado=previstos") == {"Injertos"}
    assert topics("buscar=poda+kakao") == {"Poda del cacao"}
    assert topics(f"comunidad={rumi.pk}&anio=2025") == set()
    assert client.get("/encuentros/?clase=fiesta").status_code == 400


# --- The roll -----------------------------------------------------------------------------------


def test_the_roll_is_called_without_script(agent, rumi):
    held = gathering(of=rumi)
    rosa = person("Grefa", "Rosa", of=family(of=rumi))
    pedro = person("Grefa", "Pedro", of=family(of=rumi), sex="M")
    address = f"{held.get_absolute_url()}lista/"
    page = agent.get(address).text
    assert str(rosa.pk) in page
    assert agent.post(address, {"came": [str(rosa.pk)]}).status_code == 302
    # Another telephone opened the page before: it says Pedro, and does not undo Rosa.
    agent.post(address, {"came": [str(pedro.pk)], "visiting_women": "2"})
    assert set(Attendance.objects.values_list("person", flat=True)) == {rosa.pk, pedro.pk}
    shown = agent.get(held.get_absolute_url()).text
    assert "<strong>3</strong> de 4 (75 %)" in shown  # Rosa and two visitors of four


def test_who_is_struck_is_asked_why(agent, rumi):
    held, rosa = gathering(of=rumi), person(of=family(of=rumi))
    gatherings.call_roll(actor=None, gathering=held, came=[rosa])
    address = f"{held.get_absolute_url()}lista/"
    refused = agent.post(address, {"was": [str(rosa.pk)]})
    assert refused.status_code == 200
    assert "Escriba el motivo" in refused.text
    assert Attendance.objects.exists()
    assert agent.post(address, {"was": [str(rosa.pk)], "reason": REASON}).status_code == 302
    assert not Attendance.objects.exists()


def test_somebody_else_is_found_in_any_spelling_and_what_is_ticked_is_saved_first(client_of, rumi):
    held, rosa = gathering(of=rumi), person(of=family(of=rumi))
    guest = person("Tapuy Wampa", "Pedro", of=family(of=community("Serena")))
    client = client_of("administration")
    address = f"{held.get_absolute_url()}lista/"
    saved = client.post(
        address, {"came": [str(rosa.pk)], "buscar": "tapui guampa", "look": "1"}, follow=True
    )
    assert Attendance.objects.get().person == rosa
    assert str(guest.pk) in saved.text
    assert [one for one, _ticked, _was in saved.context["found"]] == [guest]


def test_nobody_out_of_reach_is_ticked_by_a_forged_form(agent, rumi):
    held = gathering(of=rumi)
    stranger = person(of=family(of=community("Serena")))
    answer = agent.post(
        f"{held.get_absolute_url()}lista/", {"came": [str(stranger.pk), "'; DROP TABLE", ""]}
    )
    assert answer.status_code == 302
    assert not Attendance.objects.exists()


def test_a_card_notes_its_partner(agent, rumi):
    held = gathering(of=rumi)
    rosa = partner(person(of=family(of=community("Serena"))))
    card = issue_card(actor=None, partner=rosa)
    address = f"{held.get_absolute_url()}lista/"
    misread = agent.post(address, {"card": card.code[:-1] + "*"})
    assert misread.status_code == 200
    assert not Attendance.objects.exists()
    assert agent.post(address, {"card": f"KALLARI/S/{card.code}"}).status_code == 302
    assert Attendance.objects.get().noted == "card"


def test_the_sheet_to_sign_and_the_filled_list(agent, rumi):
    held = gathering(of=rumi)
    came, away = (person(name, of=family(of=rumi)) for name in ("Vino", "Falta"))
    gatherings.call_roll(actor=None, gathering=held, came=[came])
    blank = agent.get(f"{held.get_absolute_url()}hoja/").text
    assert came.listed_name in blank
    assert away.listed_name in blank
    filled = agent.get(f"{held.get_absolute_url()}hoja/?llena").text
    assert came.listed_name in filled
    assert away.listed_name not in filled


def test_a_photograph_is_kept_shown_and_erased(client_of, rumi):
    held, client = gathering(of=rumi), client_of("administration")
    address = f"{held.get_absolute_url()}archivos/"
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("minga.jpg", picture(), content_type="image/jpeg")
    assert (
        client.post(f"{address}nuevo/", {"upload": upload, "caption": "El camino"}).status_code
        == 302
    )
    kept = held.files.get()
    assert client.get(f"{address}{kept.pk}/").headers["Content-Type"] == "image/jpeg"
    other = gathering(of=rumi)
    assert client.get(f"{other.get_absolute_url()}archivos/{kept.pk}/").status_code == 404
    assert client.post(f"{address}{kept.pk}/borrar/", {"reason": REASON}).status_code == 302
    assert client.get(f"{address}{kept.pk}/").status_code == 404


def test_a_delegate_sees_her_communitys_gatherings_and_not_what_allies_paid(
    account, client_of, rumi
):
    held = gathering(of=rumi, ally=ally("GIZ"))
    families.assign_community(actor=None, user=account("delegate"), community=rumi)
    client = client_of("delegate")
    page = client.get(held.get_absolute_url())
    assert "GIZ" in page.text
    assert "/aliados/" not in page.text
    assert "Pasar lista" not in page.text
    assert held.topic in client.get("/").text or "Encuentros" in client.get("/").text


def test_the_year_is_summed_up_with_plots_and_their_tables(client_of, rumi):
    held = gathering(of=rumi)
    gatherings.call_roll(actor=None, gathering=held, came=[person(), person(sex="M")])
    page = client_of("auditor").get("/encuentros/resumen/?anio=2026")
    assert page.context["total"].women == 1
    assert "Asistencia por comunidad" in page.text
    assert "Encuentros de 2026" in page.text
    assert "Encuentros por mes" in page.text
    for nonsense in ("x", "99999", "0000", "2026'"):
        assert client_of("auditor").get(f"/encuentros/resumen/?anio={nonsense}").status_code == 200


# --- Inputs -------------------------------------------------------------------------------------


def test_an_agent_hands_out_and_is_not_asked_for_values(agent, rumi):
    grefa, kind = family(of=rumi), input_kind()
    found = agent.get("/insumos/nueva/?buscar=grefa")
    assert f"/insumos/familia/{grefa.pk}/entregar/" in found.text
    address = f"/insumos/familia/{grefa.pk}/entregar/"
    assert "value_usd" not in agent.get(address).text
    form = {
        "kind": kind.pk,
        "quantity": "2,5",
        "handed_on": "2026-11-20",
        "handed_by": "Técnica",
        "value_usd": "999",
    }
    assert agent.post(address, form).status_code == 302
    given = InputDistribution.objects.get()
    assert (given.quantity, given.value_usd) == (Decimal("2.5"), None)
    stranger = family(of=community("Serena"))
    assert agent.post(f"/insumos/familia/{stranger.pk}/entregar/", form).status_code == 404


def test_what_organic_chakras_may_not_use_asks_why_and_is_marked(client_of, rumi):
    grefa, urea = family(of=rumi), input_kind("Urea", is_organic=False)
    client = client_of("administration")
    form = {"kind": urea.pk, "quantity": "1", "handed_on": "2026-11-20", "handed_by": "Técnica"}
    address = f"/insumos/familia/{grefa.pk}/entregar/"
    assert "no está permitido en chakras orgánicas" in client.post(address, form).text
    assert client.post(address, form | {"note": "Vivero"}).status_code == 302
    shown = client.get(f"/insumos/familia/{grefa.pk}/")
    assert "no estaba permitida en chakras orgánicas" in shown.text
    inputs.void_input(actor=None, distribution=InputDistribution.objects.get(), reason=REASON)
    assert "no estaba permitida" not in client.get(f"/insumos/familia/{grefa.pk}/").text


def test_values_are_for_who_pays_or_checks(account, client_of, agent, rumi):
    given = handed_out(to=family(of=rumi), value_usd=Decimal("1234.50"))
    for client, is_shown in ((agent, False), (client_of("accountant"), True)):
        for address in ("/insumos/", given.get_absolute_url()):
            assert ("1.234,50" in client.get(address).text) is is_shown, address


# --- Volunteers ---------------------------------------------------------------------------------


def test_how_a_volunteer_is_reached_is_for_the_office_alone(agent, client_of, rumi):
    anna = volunteer(phone="+49 30 123456", emergency_name="Mutter Muster")
    stay(anna, community=rumi)
    for client, is_shown in (
        (client_of("administration"), True),
        (client_of("auditor"), False),
        (client_of("surveillance"), False),
        (agent, False),
    ):
        page = client.get(anna.get_absolute_url())
        assert page.status_code == 200
        assert ("123456" in page.text) is is_shown
        assert ("Mutter" in page.text) is is_shown


def test_a_stay_is_entered_and_an_overlap_refused_in_words(client_of, rumi):
    anna, client = volunteer(), client_of("administration")
    address = f"{anna.get_absolute_url()}estadia/"
    form = {
        "kind": "intern",
        "starts_on": "2026-02-01",
        "ends_on": "2026-06-30",
        "community": rumi.pk,
        "helps_sales": "on",
    }
    assert client.post(address, form).status_code == 302
    assert "Ya tiene una estadía en esas fechas" in client.post(address, form).text
    short = form | {"starts_on": "2026-08-01", "ends_on": "2026-08-10"}
    assert "más corta o más larga" in client.post(address, short).text
    assert client.post(address, short | {"length_note": "Feria"}).status_code == 302
    assert Stay.objects.count() == 2


# --- Allies -------------------------------------------------------------------------------------


def test_a_contribution_in_another_currency_is_entered_by_the_accountant(client_of):
    fecd, client = ally(), client_of("accountant")
    form = {
        "kind": "money",
        "description": "Vivero",
        "received_on": "2026-03-01",
        "amount": "1000,50",
        "currency": "eur",
        "usd_rate": "1,08",
        "valued_by": "Banco",
    }
    assert client.post(f"{fecd.get_absolute_url()}aporte/", form).status_code == 302
    assert Contribution.objects.get().value_usd == Decimal("1080.54")


def test_more_than_is_left_is_refused_at_the_field(client_of):
    given = contribution(amount="100")
    client = client_of("accountant")
    address = f"{given.get_absolute_url()}uso/"
    form = {"amount_usd": "100,01", "used_on": "2026-03-01", "purpose": "Jornales"}
    assert "quedan 100" in client.post(address, form).text
    assert client.post(address, form | {"amount_usd": "100"}).status_code == 302


def test_an_agreement_that_ends_soon_is_announced(client_of):
    from members.services import allies

    allies.sign_agreement(
        actor=None,
        ally=ally("FAO"),
        title="Chakra viva",
        starts_on=HELD_ON,
        ends_on=date(2026, 12, 23),
    )
    assert "vence en 30 días" in client_of("manager").get("/aliados/").text


def test_names_are_shown_and_never_run(client_of, rumi):
    hostile = "<script>alert(1)</script>"
    held = gathering(hostile, of=rumi, ally=ally(hostile), led_by=hostile, done=hostile)
    anna = volunteer(hostile)
    given = handed_out(input_kind(hostile), to=family(hostile, of=rumi), note=hostile)
    client = client_of("administration")
    for address in (
        "/encuentros/",
        held.get_absolute_url(),
        f"{held.get_absolute_url()}hoja/",
        f"{held.get_absolute_url()}lista/?buscar={hostile}",
        "/voluntariado/",
        anna.get_absolute_url(),
        "/insumos/",
        given.get_absolute_url(),
        f"/insumos/familia/{given.family_id}/",
        "/aliados/",
        held.ally.get_absolute_url(),
        "/encuentros/resumen/",
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "<script>alert" not in page.text, address


def test_a_familys_story_tells_of_gatherings_and_inputs(account, rumi):
    from members.timeline import Window
    from members.timeline.community_life import attended
    from members.timeline.community_life import inputs as given_to

    rosa = person(of=family(of=rumi))
    gatherings.call_roll(actor=None, gathering=gathering(of=rumi), came=[rosa])
    handed_out(to=rosa.family)
    user = account("administration")
    assert [one.on for one in attended(rosa.family, user, Window())] == [HELD_ON]
    assert [one.title for one in given_to(rosa.family, user, Window())] == [
        "Recibió 40 plantas: Plantas de cacao"
    ]
    assert attended(rosa.family, account("nobody"), Window()) == []


def test_the_lists_ask_the_same_queries_for_3_and_for_300(client_of, rumi):
    client, kind, of, giz = client_of("administration"), input_kind(), family(of=rumi), ally("GIZ")

    def more(number):
        start = InputDistribution.objects.count()
        places = range(start + 1, start + 1 + number)
        for rows in (
            [
                Gathering(
                    kind="minga",
                    topic=f"Camino {place}",
                    held_on=HELD_ON,
                    community=rumi,
                    led_by="Directiva",
                    ally=giz,
                )
                for place in places
            ],
            [
                InputDistribution(
                    number=place,
                    kind=kind,
                    family=of,
                    quantity=1,
                    unit=kind.unit,
                    was_organic=True,
                    handed_on=HELD_ON,
                    handed_by="Técnica",
                    ally=giz,
                )
                for place in places
            ],
            [Ally(name=f"Aliado {place}", kind="company") for place in places],
        ):
            bulk_create_with_history(rows, actor=None)
        guests = bulk_create_with_history(
            [Volunteer(surnames=f"Muster {one}", given_names="A", country="DE") for one in places],
            actor=None,
        )
        bulk_create_with_history(
            [
                Stay(
                    volunteer=guest,
                    kind="intern",
                    starts_on=date(2026, 10, 1),
                    ends_on=date(2027, 3, 1),
                    community=rumi,
                    helps_drying=True,
                )
                for guest in guests
            ],
            actor=None,
        )

    def ask():
        for path in ("/encuentros/", "/insumos/", "/voluntariado/", "/aliados/"):
            assert client.get(path).status_code == 200

    assert_same_queries(more, ask)
