"""What waits for the office, and what it decides: the pages at /pendientes/."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from harvests.models import Delivery, DeliveryAlert, Operation, Quota
from harvests.services.worklist import retry_operations
from harvests.worklist import Wanted, line, number_waiting
from members.services.families import assign_community
from tests.harvests import factories as bought
from tests.harvests.handed_in import agent, alert, at, corrected, delivery, operation, voided
from tests.members import factories
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)
LIST = "/pendientes/"


@pytest.fixture(autouse=True)
def thursday_noon(time_machine):
    time_machine.move_to(at(TODAY, 12), tick=False)


@pytest.fixture
def sold():
    return bought.world()


@pytest.fixture
def grefa():
    return factories.family("Grefa Andi", of=factories.community("Rumi Yaku"))


@pytest.fixture
def office(client_of):
    return client_of("manager")


def payload(family, **told):
    return {
        "family": str(family.pk),
        "product_form": "baba",
        "quantity": "103.5",
        "unit": "lb",
        "weighed_at": "2026-11-26T10:58:40-05:00",
    } | told


def held(family, *, code="no_price_in_force", message="No hay un precio.", **told):
    """A delivery that could not be taken when it came."""
    errors = [{"field": None, "code": code, "message": message}]
    sent = told.pop("sent", {})
    return operation(uuid.uuid4(), payload(family, **told), errors=errors, **sent)


def page(client, address=LIST, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response


def said(response):
    text = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def decided(client, row, *, query="", **told):
    kind = "aviso" if isinstance(row, DeliveryAlert) else "operacion"
    response = client.post(f"{LIST}{kind}/{row.pk}/{query}", told)
    row.refresh_from_db()
    return response


# --- The list -----------------------------------------------------------------------------------


def test_everything_that_waits_stands_in_one_line_the_oldest_first(office, sold, grefa):
    first = held(grefa, sent={"received_at": at(TODAY, 8)})
    doubled = alert(delivery(grefa, sold.primera, weighed_at=at(TODAY, 9)), "quota")
    last = held(grefa, sent={"received_at": at(TODAY, 10), "result": "conflict"})
    items = page(office).context["items"]
    assert [(one.waiting.is_alert, one.waiting.pk) for one in items] == [
        (False, first.pk),
        (True, doubled.pk),
        (False, last.pk),
    ]
    words = said(page(office))
    assert "3 esperan" in words
    assert "103,5 lb · Cacao, Baba · Grefa Andi" in words
    assert "No hay un precio." in words


def test_what_informs_and_what_is_decided_does_not_wait(office, sold, grefa):
    made = delivery(grefa, sold.primera)
    alert(made, "clock", is_open=False)
    operation(made.pk, payload(grefa), result="created", is_open=False)
    assert "No espera nada" in said(page(office))


def test_what_is_being_looked_at_waits_only_when_nobody_came_back_to_it(office, sold, grefa):
    now = at(TODAY, 12)
    told = {"result": ""}
    held(grefa, sent=told | {"received_at": now - timedelta(seconds=5)})
    assert page(office).context["items"] == []
    old = held(grefa, sent=told | {"received_at": now - timedelta(minutes=3)})
    assert [one.waiting.pk for one in page(office).context["items"]] == [old.pk]
    assert [one.kind for one in page(office, LIST + "?clase=unseen").context["items"]] == ["unseen"]


def test_filters_narrow_by_kind_device_and_agent(office, sold, grefa, account):
    wilmer = account("center_operator")
    phone = bought.device(of=wilmer)
    one = held(grefa, sent={"user": wilmer, "device": phone})
    other = alert(delivery(grefa, sold.primera), "late_harvest", days=9, most="7")
    for query in ("clase=held", f"dispositivo={phone.pk}", f"tecnico={wilmer.username}"):
        items = page(office, f"{LIST}?{query}").context["items"]
        assert [item.waiting.pk for item in items] == [one.pk], query
        assert f"operacion/{one.pk}/?{query}" in page(office, f"{LIST}?{query}").text
    items = page(office, LIST + "?clase=late_harvest").context["items"]
    assert [item.waiting.pk for item in items] == [other.pk]
    assert "De eso no espera nada" in said(page(office, LIST + "?clase=conflict"))
    page(office, LIST + "?clase=nada", status=400)


def test_the_list_asks_as_often_for_3_things_as_for_40(office, sold, grefa):
    def make(number):
        for _row in range(number):
            held(grefa, partner=str(uuid.uuid4()), variety="nacional", center="TENA")
            alert(delivery(factories.family("Tapuy"), sold.primera), "quota")

    assert_same_queries(make, lambda: page(office), many=20)


def test_the_number_that_waits_is_the_length_of_the_line(account, sold, grefa):
    held(grefa)
    alert(delivery(grefa, sold.primera), "quota")
    manager = account("manager")
    assert number_waiting(manager) == len(line(manager, Wanted())) == 2
    assert number_waiting(account("extension_agent")) == 0


def test_what_is_unreadable_is_discarded_together_for_one_reason(office, sold, grefa):
    rows = [operation(None, {}, raw=f"[{number}]", result="rejected") for number in range(3)]
    readable = held(grefa)
    assert "No registrar lo ilegible" in said(page(office))
    assert "No registrar lo ilegible" not in said(page(office, LIST + "?clase=held"))
    offered = page(office, f"{LIST}descartar/").context["form"].fields["operations"].choices
    assert [key for key, _words in offered] == [str(row.pk) for row in rows]
    address, marked = f"{LIST}descartar/", [rows[0].pk, rows[2].pk]
    assert "Marque al menos una." in said(office.post(address, {"reason": "Pruebas"}))
    assert "Escriba el motivo" in said(office.post(address, {"operations": marked}))
    told = {"operations": marked, "reason": "Pruebas"}
    assert "2 no se registran" in said(office.post(address, told, follow=True))
    for row in (*rows, readable):
        row.refresh_from_db()
    assert [row.is_open for row in (*rows, readable)] == [False, True, False, True]
    assert {rows[place].decision.reason for place in (0, 2)} == {"Pruebas"}
    words = "Sobre una de las que marcó ya se decidió."
    assert words in said(office.post(address, {"operations": [rows[0].pk], "reason": "Otra vez"}))
    assert words in said(office.post(address, {"operations": [readable.pk], "reason": "No"}))
    assert readable.is_open


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("family", "el cupo de la familia Grefa Andi (F-0001) es de 40,000 kg."),
        ("community", "el cupo de Rumi Yaku es de 40,000 kg."),
        ("all", "el cupo de todas las familias es de 40,000 kg."),
    ],
)
def test_an_alert_about_a_quota_says_whose_it_is(office, sold, grefa, of, words):
    whose = {"family": {"family": grefa}, "community": {"community": grefa.community}}.get(of, {})
    quota = Quota.objects.create(
        form=sold.baba, starts_on=TODAY, ends_on=TODAY, limit_kg="40", **whose
    )
    made = delivery(grefa, sold.primera)
    raised = alert(made, "quota", quota=quota.pk, limit_kg="40", with_this_kg="45.359")
    said_so = f"Con esta entrega van 45,359 kg; {words}"
    assert said_so in said(page(office))
    assert said_so in said(page(office, f"{LIST}aviso/{raised.pk}/"))
    assert said_so in said(page(office, made.get_absolute_url()))


# --- One operation --------------------------------------------------------------------------------


def test_an_operation_says_what_happened_and_what_was_meant(office, sold, grefa):
    chakra = factories.chakra(of=grefa)
    phone = bought.device(of=agent(), name="Teléfono de Wilmer")
    row = held(
        grefa,
        quality="baba-primera",
        center="TENA",
        tare_kg="1.5",
        chakras=[{"chakra": str(chakra.pk), "share": "1"}],
        note="Llovía",
        sent={"device": phone, "times_received": 3},
    )
    words = said(page(office, row.get_absolute_url()))
    for part in (
        "Una entrega",
        "No hay un precio.",
        "Grefa Andi (F-0001), Rumi Yaku",
        "Cacao, Baba",
        "Primera",
        "103,5 lb",
        "1,500 kg",
        f"{chakra}: 100 %",
        "Centro de acopio de Tena",
        "26/11/2026 10:58",
        "Teléfono de Wilmer",
        "3 veces",
        "Llovía",
        '"quantity": "103.5"',
    ):
        assert part in words.replace("&quot;", '"'), part


def test_what_names_nothing_here_is_shown_as_it_was_sent(office, sold, grefa):
    key = uuid.uuid4()
    told = payload(grefa) | {"family": str(key), "product_form": "pitahaya"}
    row = operation(uuid.uuid4(), told)
    words = said(page(office, row.get_absolute_url()))
    assert f"{key} (no consta)" in words
    assert "pitahaya (no consta)" in words


@pytest.mark.parametrize(
    "raw", ["[1, 2", "[]", '{"payload": 7}', '{"payload": {"quantity": [1], "chakras": [7, {}]}}']
)
def test_what_nobody_can_read_has_a_page_too(office, sold, raw):
    row = operation(None, {}, raw=raw, result="rejected")
    page(office, row.get_absolute_url())
    page(office)


def test_of_a_person_the_center_reads_no_identity_number(client_of, sold, grefa):
    told = {
        "family": str(grefa.pk),
        "surnames": "Grefa",
        "given_names": "Luz",
        "cedula": "1500000013",
        "phone": "0991234567",
    }
    row = operation(uuid.uuid4(), told, entity="person")
    assert "1500000013" in page(client_of("manager"), row.get_absolute_url()).text
    text = page(client_of("center_operator"), row.get_absolute_url()).text
    assert "Luz" in text
    assert "1500000013" not in text
    assert "0991234567" not in text


def test_what_is_in_conflict_stands_beside_what_is_on_record(office, sold, grefa):
    """103.5 lb were sent under the key of a delivery of 100 lb."""
    made = delivery(grefa, sold.primera, "100", "lb", weighed_at=at(TODAY, 10))
    row = operation(made.pk, payload(grefa), result="conflict")
    response = page(office, row.get_absolute_url())
    differing = {str(one.label) for one in response.context["sides"] if one.differs}
    assert "Cantidad" in differing
    assert "Familia" not in differing
    assert made.folio in said(response)


def test_a_held_delivery_is_registered_once_its_price_is_published(office, sold, grefa):
    """Its quality had no price: 0.25 USD/lb × 103.5 lb = 25.88 USD (25.875, half away from zero;
    of 46.947 kg it is 25.8751)."""
    tercera = bought.quality("baba-tercera", "Tercera", of=sold.baba, is_default=False)
    row = held(grefa, quality="baba-tercera")
    assert "No hay un precio" in said(decided(office, row, decision="retry", reason="A ver"))
    assert row.is_open
    bought.price_list((tercera, "conventional", "0.25"), name="Tercera", valid_from=at(TODAY, 6))
    response = decided(office, row, decision="retry", reason="Ya hay precio")
    assert response.url == LIST
    assert (row.is_open, row.result) == (False, "created")
    made = Delivery.objects.get(pk=row.entity_id)
    assert (made.folio, made.amount_usd) == (row.folio, Decimal("25.88"))
    assert row.decision.reason == "Ya hay precio"
    words = said(page(office, row.get_absolute_url()))
    assert "Ya hay precio" in words
    assert "Guardar la decisión" not in words


def test_what_is_held_is_tried_again_together_as_marked(office, sold, grefa):
    good = [held(grefa, quantity=str(number)) for number in (50, 60)]
    bad = held(grefa, product_form="pitahaya")
    left = held(grefa, quantity="70")
    address = f"{LIST}reintentar/"
    words = said(page(office, address))
    for part in ("50 lb", "60 lb", "70 lb", "Grefa Andi", "26/11/2026"):
        assert part in words
    assert page(office, address).text.count(" checked") == 4
    assert "Marque al menos una." in said(office.post(address, {"reason": "Hay precio"}))
    told = {"operations": [row.pk for row in (*good, bad)], "reason": "Hay precio"}
    answer = office.post(address, told, follow=True)
    assert "Registradas: 2. Siguen esperando: 1." in said(answer)
    for row in (*good, bad, left):
        row.refresh_from_db()
    assert [row.is_open for row in (*good, bad, left)] == [False, False, True, True]
    assert Delivery.objects.count() == 2


def test_what_a_revoked_device_sent_is_not_tried_again_together(office, account, sold, grefa):
    """Of two telephones one was revoked; a third thing of it was never looked at."""
    lost = bought.device(of=agent(), name="Perdido", revoked_at=at(TODAY, 9))
    revoked = held(
        grefa, code="device_revoked", message="El dispositivo fue anulado.", sent={"device": lost}
    )
    unseen = held(grefa, sent={"device": lost, "result": "", "received_at": at(TODAY, 9)})
    address = f"{LIST}reintentar/"
    answer = office.get(address, follow=True)
    assert "Lo que envió un dispositivo anulado se decide una por una." in said(answer)
    good = held(grefa)
    choices = page(office, address).context["form"].fields["operations"].choices
    assert [key for key, _words in choices] == [str(good.pk)]
    told = {"operations": [good.pk, revoked.pk], "reason": "Todo"}
    assert office.post(address, told).status_code == 200
    everything = Operation.objects.waiting()
    tried = retry_operations(actor=account("manager"), operations=everything, reason="Todo")
    assert tried == (1, 2)
    for row in (revoked, unseen, good):
        row.refresh_from_db()
    assert [row.is_open for row in (revoked, unseen, good)] == [True, True, False]


def test_with_nothing_unreadable_the_office_is_led_back(office, sold):
    answer = office.get(f"{LIST}descartar/", follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "No espera nada ilegible" in said(answer)


def test_an_operation_is_discarded_with_a_reason_and_stays(office, sold, grefa):
    row = held(grefa)
    assert "Escriba el motivo" in said(decided(office, row, decision="discard"))
    assert row.is_open
    decided(office, row, decision="discard", reason="Prueba del teléfono")
    assert (row.is_open, row.decision.verdict) == (False, "discarded")
    assert not Delivery.objects.exists()
    assert "Prueba del teléfono" in said(page(office, row.get_absolute_url()))


def test_what_is_no_operation_can_only_be_discarded(office, sold):
    row = operation(None, {}, raw="[]", result="rejected")
    response = page(office, row.get_absolute_url())
    assert [value for value, _label in response.context["form"].fields["decision"].choices] == [
        "discard"
    ]


def test_after_a_decision_the_next_in_line_opens_with_its_filters(office, sold, grefa):
    first, second, third = (
        held(grefa, sent={"received_at": at(TODAY, 8, minute)}) for minute in range(3)
    )
    alert(delivery(grefa, sold.primera, weighed_at=at(TODAY, 8, 1)), "quota")
    told = {"decision": "discard", "reason": "Repetida"}
    response = decided(office, second, query="?clase=held", **told)
    assert response.url == f"{third.get_absolute_url()}?clase=held"
    response = decided(office, third, query="?clase=held", **told)
    assert response.url == f"{first.get_absolute_url()}?clase=held"
    response = decided(office, first, query="?clase=held", **told)
    assert response.url == f"{LIST}?clase=held"


def amended(client, row, **told):
    address = f"{row.get_absolute_url()}corregir/"
    form = page(client, address).context["form"]
    shown = {
        bound.html_name: bound.value()
        for bound in form
        if bound.value() is not None and bound.html_name not in told
    }
    shown = {
        name: value.strftime("%Y-%m-%dT%H:%M:%S") if hasattr(value, "hour") else str(value)
        for name, value in shown.items()
    }
    return client.post(address, shown | told)


def test_what_was_sent_wrongly_is_mended_and_registered(office, sold, grefa):
    """103.5 lb are 46.947 kg; the agent wrote a form that does not exist."""
    row = held(grefa, product_form="vava", note="Llovía")
    response = amended(office, row, product_form="baba", reason="Escrito con v")
    row.refresh_from_db()
    assert response.status_code == 302, said(response)
    made = Delivery.objects.get(pk=row.entity_id)
    assert (made.form, made.net_kg, made.note) == (sold.baba, Decimal("46.947"), "Llovía")
    assert made.agent == row.user
    assert row.decision.verdict == "amended"
    assert row.decision.amended["product_form"] == "baba"
    assert json.loads(row.raw)["payload"]["product_form"] == "vava"


def test_an_amended_hour_is_the_true_one_whatever_the_telephones_clock(office, sold, grefa):
    """The telephone was two hours slow: 08:58:40 on its clock is 10:58:40."""
    key = uuid.uuid4()
    sent = {
        "op_id": str(uuid.uuid4()),
        "entity": "delivery",
        "entity_id": str(key),
        "action": "create",
        "schema": 1,
        "device_id": str(uuid.uuid4()),
        "device_seq": 1,
        "recorded_at": "2026-11-26T08:59:00-05:00",
        "clock_offset_ms": 7_200_000,
        "payload": payload(grefa, product_form="vava", weighed_at="2026-11-26T08:58:40-05:00"),
    }
    row = operation(key, {}, raw=json.dumps(sent))
    assert 'value="2026-11-26T10:58:40"' in page(office, f"{row.get_absolute_url()}corregir/").text
    amended(office, row, product_form="baba", reason="Escrito con v")
    made = Delivery.objects.get(pk=key)
    assert made.weighed_at == at(TODAY, 10, 58) + timedelta(seconds=40)


def test_what_is_in_conflict_is_registered_as_another_delivery(office, sold, grefa):
    made = delivery(grefa, sold.primera, "100", "lb", weighed_at=at(TODAY, 10))
    row = operation(made.pk, payload(grefa), result="conflict")
    decided(office, row, decision="retry", reason="Eran dos sacos")
    assert not row.is_open
    assert Delivery.objects.exclude(pk=made.pk).get().quantity == Decimal("103.5")


def in_conflict(family, sold, **told):
    """100 lb are on record; 103.5 lb came under the same key."""
    made = delivery(family, sold.primera, "100", "lb", weighed_at=at(TODAY, 10))
    return made, operation(made.pk, payload(family), **{"result": "conflict"} | told)


def offered(client, row):
    form = page(client, row.get_absolute_url()).context["form"]
    return [value for value, _label in form.fields["decision"].choices]


def test_what_is_in_conflict_corrects_what_is_on_record(office, sold, grefa):
    """103.5 lb = 46.947 kg, at 0.38 USD/lb 39.33 USD."""
    made, row = in_conflict(grefa, sold)
    words = said(page(office, row.get_absolute_url()))
    assert f"Corregir {made.folio} con lo que llegó" in words
    response = decided(office, row, decision="correct", reason="El segundo peso es el bueno")
    assert response.url == LIST
    made.refresh_from_db()
    later = Delivery.objects.get(supersedes=made)
    assert (made.status, later.status) == ("superseded", "valid")
    assert (later.quantity, later.net_kg) == (Decimal("103.5"), Decimal("46.947"))
    assert later.amount_usd == Decimal("39.33")
    assert later.agent == made.agent
    assert (row.is_open, row.result, row.folio) == (False, "created", later.folio)
    assert (row.decision.verdict, row.decision.folio) == ("corrected", later.folio)
    reasons = {made.history.latest().history_change_reason, row.decision.reason}
    assert reasons == {"El segundo peso es el bueno"}
    words = said(page(office, row.get_absolute_url()))
    assert "Corrigió la que estaba registrada." in words
    assert "Guardar la decisión" not in words


def test_the_hour_that_corrects_is_the_true_one_whatever_the_telephones_clock(office, sold, grefa):
    """The telephone was two hours slow: 08:58:40 on its clock is 10:58:40."""
    made, row = in_conflict(grefa, sold)
    sent = json.loads(row.raw) | {
        "clock_offset_ms": 7_200_000,
        "payload": payload(grefa, weighed_at="2026-11-26T08:58:40-05:00"),
    }
    row = operation(made.pk, {}, raw=json.dumps(sent), result="conflict")
    decided(office, row, decision="correct", reason="El segundo peso es el bueno")
    later = Delivery.objects.get(supersedes=made)
    assert later.weighed_at == at(TODAY, 10, 58) + timedelta(seconds=40)


def test_sent_twice_a_decision_corrects_once(office, sold, grefa):
    _made, row = in_conflict(grefa, sold)
    told = {"decision": "correct", "reason": "El segundo peso es el bueno"}
    for _time in range(2):
        decided(office, row, **told)
    assert Delivery.objects.count() == 2


def test_what_was_voided_meanwhile_is_not_corrected(office, sold, grefa):
    made, row = in_conflict(grefa, sold)
    assert "correct" in offered(office, row)
    voided(made)
    assert "correct" not in offered(office, row)
    decided(office, row, decision="correct", reason="El segundo peso es el bueno")
    assert row.is_open
    assert Delivery.objects.get() == made


def test_in_conflict_with_what_was_voided_the_page_and_the_choices_say_so(office, sold, grefa):
    made, row = in_conflict(grefa, sold)
    both = "las dos cuentan y se pagan"
    assert both in said(page(office, row.get_absolute_url()))
    voided(made)
    words = said(page(office, row.get_absolute_url()))
    assert f"{made.folio} está anulada: ya no cuenta ni se paga." in words
    assert f"cuenta y se paga solo esta; {made.folio} sigue anulada" in words
    assert f"No registrar: {made.folio} sigue anulada, y ninguna de las dos cuenta" in words
    assert both not in words
    assert "vale solo la que ya está registrada" not in words


def test_in_conflict_with_what_was_corrected_the_page_names_what_counts(office, sold, grefa):
    made, row = in_conflict(grefa, sold)
    later = corrected(made, "101")
    words = said(page(office, row.get_absolute_url()))
    assert f"{made.folio} está corregida por {later.folio}, que es la que cuenta" in words
    assert f"No registrar: cuenta solo la que corrigió a {made.folio}" in words


def test_what_the_intake_filled_in_by_itself_does_not_differ(office, sold, grefa):
    """Neither quality, center nor chakras were sent; the quantity differs."""
    chakra = factories.chakra(of=grefa)
    told: Any = {"weighed_at": at(TODAY, 10, 58) + timedelta(seconds=40), "chakras": {chakra: "1"}}
    made = delivery(grefa, sold.primera, "100", "lb", **told)
    row = operation(made.pk, payload(grefa), result="conflict")
    sides = page(office, row.get_absolute_url()).context["sides"]
    assert {"Calidad", "Centro", "Chakras"} <= {str(one.label) for one in sides}
    assert [str(one.label) for one in sides if one.differs] == ["Cantidad"]
    row = operation(made.pk, payload(grefa, quality="baba-segunda"), result="conflict")
    sides = page(office, row.get_absolute_url()).context["sides"]
    assert "Calidad" in [str(one.label) for one in sides if one.differs]


def test_what_a_decision_lacks_is_said_on_top_and_leads_to_its_field(office, sold, grefa):
    text = decided(office, held(grefa), decision="discard").text
    assert text.count('role="alert"') == 1
    assert text.index('href="#id_reason"') < text.index("Por qué espera")


def test_why_it_waits_names_the_field_in_the_words_of_the_office(office, sold, grefa):
    errors = [
        {"field": "quantity", "code": "invalid", "message": "Escriba un número con punto, 103.5"},
        {"field": "family", "code": "does_not_exist", "message": "No existe."},
        {"field": None, "code": "no_price_in_force", "message": "No hay un precio."},
    ]
    row = operation(uuid.uuid4(), payload(grefa, quantity="-3"), errors=errors)
    words = said(page(office, row.get_absolute_url()))
    assert "Cantidad: No es un número que se pueda registrar. Familia: No existe." in words
    assert "con punto" not in words


def test_after_a_correction_the_new_receipt_is_one_link_away(office, sold, grefa):
    made, row = in_conflict(grefa, sold)
    told = {"decision": "correct", "reason": "El segundo peso"}
    answer = office.post(row.get_absolute_url(), told, follow=True)
    later = Delivery.objects.get(supersedes=made)
    assert f'<a href="/entregas/{later.pk}/recibo/">imprima el recibo nuevo</a>' in answer.text


def test_a_family_is_found_as_the_telephone_calls_one_that_it_does_not_know(office, sold, grefa):
    other = factories.family("Tapuy", of=grefa.community)
    row = held(grefa, product_form="vava")
    amended(office, row, product_form="baba", family=f"Familia {other.number}", reason="De otra")
    assert Delivery.objects.get(pk=row.entity_id).family == other


def test_what_came_and_cannot_be_valued_corrects_nothing(office, sold, grefa):
    made, row = in_conflict(grefa, sold)
    row = operation(made.pk, payload(grefa, product_form="pitahaya"), result="conflict")
    response = decided(office, row, decision="correct", reason="Era otra cosa")
    assert "No se compra una presentación así." in said(response)
    made.refresh_from_db()
    assert (made.is_valid, row.is_open) == (True, True)
    assert Delivery.objects.get() == made


def test_only_what_contradicts_a_delivery_corrects_it(office, sold, grefa):
    _made, row = in_conflict(grefa, sold, result="held")
    assert offered(office, row) == ["retry", "discard"]
    unknown = operation(uuid.uuid4(), payload(grefa), result="conflict")
    assert offered(office, unknown) == ["retry", "discard"]


def test_a_correction_in_conflict_corrects_what_has_its_key(office, sold, grefa):
    """It has no key but its own: it cannot be registered beside."""
    made = delivery(grefa, sold.primera, "100", "lb", weighed_at=at(TODAY, 10))
    told = payload(grefa, supersedes=str(uuid.uuid4()), reason="Mal escrito")
    row = operation(made.pk, told, result="conflict", action="correct")
    assert offered(office, row) == ["correct", "discard"]
    decided(office, row, decision="correct", reason="El segundo peso es el bueno")
    assert Delivery.objects.get(supersedes=made).quantity == Decimal("103.5")


def test_who_may_decide_but_not_correct_is_not_offered_it(account, client_of, sold, grefa):
    made, row = in_conflict(grefa, sold)
    auditor = account("auditor")
    right = Permission.objects.get(codename="decide_delivery")
    auditor.groups.get().permissions.add(right)
    client = client_of("auditor")
    assert offered(client, row) == ["retry", "discard"]
    decided(client, row, decision="correct", reason="El segundo peso es el bueno")
    assert row.is_open
    assert Delivery.objects.get() == made


def test_who_only_checks_reads_and_cannot_decide(client_of, sold, grefa):
    row = held(grefa)
    auditor = client_of("auditor")
    assert "Guardar la decisión" not in said(page(auditor, row.get_absolute_url()))
    decided(auditor, row, decision="discard", reason="No")
    assert row.is_open
    page(auditor, f"{row.get_absolute_url()}corregir/", status=404)


# --- One alert ------------------------------------------------------------------------------------


def test_a_possible_double_stands_beside_the_other(office, sold, grefa):
    one = delivery(grefa, sold.primera, "100", "lb", weighed_at=at(TODAY, 9))
    other = delivery(grefa, sold.primera, "101", "lb", weighed_at=at(TODAY, 9))
    raised = alert(other, "double", other=one)
    response = page(office, f"{LIST}aviso/{raised.pk}/")
    differing = {str(line.label) for line in response.context["sides"] if line.differs}
    assert {"Cantidad", "Neto"} <= differing
    assert not {"Familia", "Presentación", "Pesado el"} & differing


@pytest.mark.parametrize(
    ("decision", "voids"), [("explained", ""), ("voided", "later"), ("void_other", "earlier")]
)
def test_of_two_that_are_one_either_is_voided_or_none(office, sold, grefa, decision, voids):
    rows = {
        "earlier": delivery(grefa, sold.primera, "100"),
        "later": delivery(grefa, sold.primera, "101"),
    }
    raised = alert(rows["later"], "double", other=rows["earlier"])
    decided(office, raised, decision=decision, reason="Lo dijo la familia")
    assert not raised.is_open
    assert raised.decision_reason == "Lo dijo la familia"
    for name, row in rows.items():
        row.refresh_from_db()
        assert row.is_valid == (name != voids)


def test_an_alert_is_decided_once(office, sold, grefa):
    raised = alert(delivery(grefa, sold.primera), "quota", limit_kg="1", with_this_kg="2")
    assert "Escoja qué se decide" in said(decided(office, raised, reason="Sí"))
    decided(office, raised, decision="explained", reason="Acordado")
    words = said(page(office, f"{LIST}aviso/{raised.pk}/"))
    assert "Acordado" in words
    assert "Guardar la decisión" not in words


def test_what_counts_no_more_is_not_voided_again(office, sold, grefa):
    made = delivery(grefa, sold.primera)
    raised = alert(made, "quota")
    voided(made)
    offered = page(office, f"{LIST}aviso/{raised.pk}/").context["form"].fields["decision"].choices
    assert [value for value, _label in offered] == ["explained"]


# --- The file of a telephone ----------------------------------------------------------------------


def outbox(*operations):
    told = {"kallari_outbox": 1, "operations": list(operations)}
    return SimpleUploadedFile("salida.json", json.dumps(told).encode(), "application/json")


def sent(family, number, **told):
    return {
        "op_id": str(uuid.UUID(int=number)),
        "entity": "delivery",
        "entity_id": str(uuid.UUID(int=1000 + number)),
        "action": "create",
        "schema": 1,
        "device_id": str(uuid.UUID(int=9)),
        "device_seq": number,
        "recorded_at": "2026-11-26T10:59:00-05:00",
        "clock_offset_ms": 0,
        "payload": payload(family, **told),
    }


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_telephone_is_taken_in_and_twice_changes_nothing(client_of):
    sold = bought.world()
    family = factories.family("Grefa Andi")
    operations = [
        sent(family, 1),
        sent(family, 2, product_form="pitahaya"),
        sent(family, 3, quantity="50"),
    ]
    client = client_of("center_operator")
    answers = []
    for _time in range(2):
        response = client.post(f"{LIST}archivo/", {"archivo": outbox(*operations)})
        assert response.status_code == 200
        answers.append(response)
    told = [[one["result"] for one in answer.context["results"]] for answer in answers]
    assert told == [["created", "held", "created"], ["duplicate", "held", "duplicate"]]
    assert Delivery.objects.count() == 2
    assert Operation.objects.count() == 3
    made = Delivery.objects.get(quantity=50)
    assert made.folio in said(answers[0])
    assert made.folio in said(answers[1])
    assert sold.tena == made.center


def test_a_file_that_is_no_outbox_is_refused(client_of, sold):
    for content in (b"", b"hola", b"[]", b'{"operations": []}'):
        upload = SimpleUploadedFile("salida.json", content)
        response = client_of("manager").post(f"{LIST}archivo/", {"archivo": upload})
        assert response.status_code == 200
        assert response.context["results"] is None
        assert response.context["form"].errors["archivo"]


# --- Elsewhere ------------------------------------------------------------------------------------


def test_the_menu_and_the_home_say_how_much_waits(client_of, sold, grefa):
    held(grefa)
    alert(delivery(grefa, sold.primera), "quota")
    home = page(client_of("manager"), "/")
    (link,) = [one for one in home.context["links"] if one.url == LIST]
    assert link.waiting == 2
    words = said(home)
    assert "2 esperan una decisión." in words
    assert "En espera: 1" in words
    assert "Pasa del cupo: 1" in words


def test_an_agent_is_not_told_what_waits(client_of, sold, grefa):
    held(grefa)
    assert LIST not in page(client_of("extension_agent"), "/").text


def test_the_home_says_what_came_in_today(client_of, account, sold, grefa):
    """100 lb = 45.359 kg, 38.00 USD."""
    delivery(grefa, sold.primera, "100", weighed_at=at(TODAY, 0, 30))
    delivery(grefa, sold.primera, "100", weighed_at=at(TODAY - timedelta(days=1), 23, 30))
    words = said(page(client_of("center_operator"), "/"))
    assert "1 entrega. Baba: 45,359 kg 38,00 USD" in words
    assign_community(actor=None, user=account("extension_agent"), community=grefa.community)
    assert "Entregas Hoy, 1" in said(page(client_of("extension_agent"), "/"))


def test_who_weighs_is_led_to_where_one_weighs(client_of, sold):
    for role, is_led in (("extension_agent", True), ("center_operator", True), ("auditor", False)):
        assert ('href="/acopio/"' in page(client_of(role), "/").text) == is_led, role
