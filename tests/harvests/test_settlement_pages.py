"""The pages of settlements, payments, cash and statements, through the door people use."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import localdate
from openpyxl import load_workbook

from harvests import rules
from harvests.models import (
    CashBox,
    CashMovement,
    CashSession,
    Payment,
    PremiumRule,
    PurchaseDocument,
    Settlement,
    StatementLink,
)
from harvests.services.statement_links import make_statement_link, revoke_statement_link
from kallari.rules.services import add_rule_value
from tests.harvests import factories, handed_in, owed
from tests.harvests.test_settlements import advance, corrected, weighed
from tests.members.factories import bank_account, community, family, handed_out, partner, person
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

REASON = "Se revisó con la familia."


@pytest.fixture
def bought():
    return factories.world()


@pytest.fixture
def accountant(client_of):
    return client_of("accountant")


@pytest.fixture
def manager(client_of):
    return client_of("manager")


def _text(response):
    assert response.status_code == 200, response.status_code
    text = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def _settled(client, of, until="2026-03-31"):
    made = client.post(f"/liquidaciones/nueva/familia/{of.pk}/", {"until": until, "note": ""})
    assert made.status_code == 302, _text(made)
    return Settlement.objects.order_by("-number").first()


# --- From delivery to receipt ---------------------------------------------------------------------


def test_a_settlement_is_made_approved_by_another_and_paid_in_cash(bought, accountant, manager):
    grefa = family()
    weighed(grefa, bought)
    advance(grefa, "8.00")
    before = _text(accountant.get(f"/liquidaciones/nueva/familia/{grefa.pk}/"))
    assert "38,00 USD" in before
    assert "8,00 USD" in before
    made = _settled(accountant, grefa)
    page = f"/liquidaciones/{made.pk}/"
    assert "Usted la hizo: la aprueba otra persona" in _text(accountant.get(page))
    assert accountant.get(f"{page}aprobar/").status_code == 404
    assert "Aprobar" in _text(manager.get(page))
    to_sign = _text(manager.get(f"{page}aprobar/"))
    assert all(one in to_sign for one in (made.lines.first().delivery.folio, "38,00", "30,00"))
    assert manager.post(f"{page}aprobar/", {"yes": "1"}).status_code == 302
    session = owed.opened("50.00")
    assert "30,00" in _text(accountant.get(f"{page}pagar/"))
    paid = accountant.post(
        f"{page}pagar/",
        {
            "amount_usd": "30,00",
            "method": "cash",
            "session": session.pk,
            "reference": "",
            "paid_on": "2026-04-02",
            "paid_by": "Contabilidad",
            "note": "",
        },
        follow=True,
    )
    receipt = _text(paid)
    assert "Recibo de pago P-00001" in receipt
    assert "30,00 USD" in receipt
    assert "Recibí conforme" in receipt
    assert "COPIA" not in receipt
    shown = _text(accountant.get(page))
    assert "Pagado 30,00 USD, se debe 0,00 USD" in shown
    assert "20,00" in _text(accountant.get(f"/cajas/abiertas/{session.pk}/"))


def test_an_advance_larger_than_what_was_delivered_says_what_is_left(bought, accountant):
    """80.00 were earned, 100.00 advanced: 20.00 are left of it."""
    grefa = family()
    weighed(grefa, bought, quantity="80")
    weighed(grefa, bought, quantity="80")
    worth = Decimal("60.80")  # 160 lb at 0.38
    given = advance(grefa, "100.00")
    before = _text(accountant.get(f"/liquidaciones/nueva/familia/{grefa.pk}/"))
    assert "hay 100,00 USD por descontar" in before
    assert "-60,80 USD" in before
    assert "Se paga a la familia 0,00 USD" in before
    assert f"De los anticipos quedan {100 - worth:.2f} USD".replace(".", ",") in before
    made = _settled(accountant, grefa)
    assert "De 100,00 USD; del anticipo quedan 39,20 USD" in _text(
        accountant.get(f"/liquidaciones/{made.pk}/")
    )
    page = _text(accountant.get(f"/anticipos/{given.pk}/"))
    assert "Liquidar a la familia" in page
    assert "Estado de cuenta" in page


def test_a_payment_that_is_refused_says_why_and_keeps_what_was_typed(bought, accountant):
    grefa = family()
    weighed(grefa, bought)
    made = owed.approved(grefa)
    told = {
        "amount_usd": "99,5",
        "method": "transfer",
        "session": "",
        "reference": "TR-9",
        "paid_on": "2026-04-02",
        "paid_by": "Contabilidad",
        "note": "",
    }
    answer = accountant.post(f"/liquidaciones/{made.pk}/pagar/", told)
    assert "se deben 38,00 USD" in _text(answer)
    assert 'value="99,5"' in answer.content.decode()
    cash = accountant.post(
        f"/liquidaciones/{made.pk}/pagar/", told | {"method": "cash", "amount_usd": "5"}
    )
    assert "El efectivo sale de una caja abierta" in _text(cash)
    assert not Payment.objects.exists()


def test_a_receipt_printed_later_is_a_copy(bought, accountant, monkeypatch):
    from datetime import timedelta

    from harvests.views import payments as views

    grefa = family()
    weighed(grefa, bought)
    payment = owed.paid(owed.approved(grefa), "5.00")
    address = f"/liquidaciones/pagos/{payment.pk}/"
    for paper in ("58", "80", "a4", "x"):
        assert "COPIA" not in _text(accountant.get(f"{address}?formato={paper}"))
    monkeypatch.setattr(views, "FIRST_PRINT", timedelta(0))
    assert "COPIA" in _text(accountant.get(address))


def test_a_payment_is_reversed_and_its_receipt_says_so(bought, accountant):
    grefa = family()
    weighed(grefa, bought)
    payment = owed.paid(owed.approved(grefa), "5.00")
    address = f"/liquidaciones/pagos/{payment.pk}/"
    assert accountant.post(f"{address}revertir/", {"reason": REASON}).status_code == 302
    assert "REVERTIDO por P-00002" in _text(accountant.get(address))
    listed = _text(accountant.get("/liquidaciones/pagos/"))
    assert "-5,00" in listed
    assert "Suman" not in listed


def test_all_families_of_a_community_are_settled_and_approved_together(bought, accountant, manager):
    rumi, mirador = community("Rumi Yaku"), community("Mirador")
    here = [family(f"Familia {place}", of=rumi) for place in range(3)]
    away = family("Lejana", of=mirador)
    for one in (*here, away):
        weighed(one, bought)
    owed.drafted(here[0])
    answer = accountant.post(
        "/liquidaciones/hacer/",
        {"comunidad": rumi.pk, "until": "2026-03-31", "note": ""},
        follow=True,
    )
    said = _text(answer)
    assert "Se hicieron 2 liquidaciones por 76,00 USD" in said
    assert "Una familia ya tenía una por aprobar" in said
    drafts = Settlement.objects.drafts()
    assert {one.family for one in drafts} == set(here)
    page = _text(manager.get("/liquidaciones/aprobar/"))
    assert "3 liquidaciones por aprobar" in page
    chosen = [str(one.pk) for one in drafts.order_by("number")[:2]]
    done = manager.post("/liquidaciones/aprobar/", {"settlement": chosen}, follow=True)
    assert "2 liquidaciones aprobadas, por 76,00 USD" in _text(done)
    assert Settlement.objects.drafts().count() == 1
    nothing = manager.post("/liquidaciones/aprobar/", {"settlement": []})
    assert "Marque al menos una" in _text(nothing)


def test_a_draft_is_discarded_and_an_approved_one_reversed(bought, accountant, manager):
    grefa = family()
    weighed(grefa, bought)
    draft = owed.drafted(grefa)
    accountant.post(f"/liquidaciones/{draft.pk}/descartar/", {"reason": REASON})
    assert "Descartada" in _text(accountant.get(f"/liquidaciones/{draft.pk}/"))
    made = owed.approved(grefa)
    answer = manager.post(f"/liquidaciones/{made.pk}/revertir/", {"reason": REASON}, follow=True)
    assert f"revierte la {made.code}" in _text(answer)
    assert "No vale desde" in _text(accountant.get(f"/liquidaciones/{made.pk}/"))
    ended = _text(accountant.get("/liquidaciones/?estado=sin-valor"))
    assert "3 liquidaciones" in ended


def test_what_a_correction_took_back_stands_on_the_settlement(bought, accountant):
    grefa, other = family("Grefa"), family("Tanguila")
    delivery = weighed(grefa, bought)
    owed.paid(owed.approved(grefa), "38.00")
    corrected(delivery, "100", family=other)
    later = owed.approved(grefa, date(2026, 4, 10))
    page = _text(accountant.get(f"/liquidaciones/{later.pk}/"))
    assert f"Ya se pagó por una entrega que se corrigió {delivery.folio}" in page
    assert "Saldo que pasa a la liquidación siguiente 38,00" in page
    assert "nada que pagar" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"L-00001", "L-00002", "L-00003"}),
        ("?estado=por-aprobar", {"L-00003"}),
        ("?estado=por-pagar", {"L-00002"}),
        ("?estado=pagadas", {"L-00001"}),
        ("?buscar=L-00002", {"L-00002"}),
        ("?buscar=tanguila", {"L-00002"}),
        ("?desde=2026-04-01", {"L-00003"}),
        ("?hasta=2026-03-31", {"L-00001", "L-00002"}),
    ],
)
def test_the_list_is_narrowed(bought, accountant, query, expected):
    grefa, tanguila = family("Grefa"), family("Tanguila")
    for one in (grefa, tanguila):
        weighed(one, bought)
    first = owed.approved(grefa)
    owed.paid(first, "38.00")
    owed.approved(tanguila)
    weighed(grefa, bought, day="2026-04-02")
    owed.drafted(grefa, date(2026, 4, 10))
    page = _text(accountant.get(f"/liquidaciones/{query}"))
    assert set(re.findall(r"L-\d{5}", page)) - {"L-00042"} == expected


@pytest.mark.parametrize("part", ["", "pagos/", "por-pagar/"])
def test_a_list_asks_as_often_for_3_rows_as_for_12(bought, accountant, part):
    owed.account()
    owed.account("manager")

    def make(rows):
        for place in range(rows):
            made = family(f"Familia {place} {rows}")
            weighed(made, bought)
            owed.paid(owed.approved(made), "1.00", reference=f"TR-{rows}-{place}")
            weighed(made, bought, day="2026-04-02")

    def show():
        assert accountant.get(f"/liquidaciones/{part}").status_code == 200

    assert_same_queries(make, show, many=12)


# --- Cash -----------------------------------------------------------------------------------------


def test_a_box_is_entered_opened_moved_and_closed_by_another(accountant, manager, account):
    told = {"name": "Caja de Tena", "center": "", "custodian": account("accountant").pk}
    assert accountant.post("/cajas/nueva/", told).status_code == 302
    box = CashBox.objects.get()
    opened = f"/cajas/{box.pk}/abrir/"
    refused = accountant.post(opened, {"opening_usd": "100", "opening_note": ""})
    assert "escriba de dónde viene el dinero" in _text(refused)
    accountant.post(opened, {"opening_usd": "100", "opening_note": "Fondo inicial"})
    session = CashSession.objects.get()
    page = f"/cajas/abiertas/{session.pk}/"
    accountant.post(f"{page}mover/", {"kind": "banked", "amount_usd": "40,5", "note": "Depósito"})
    assert "59,50" in _text(accountant.get(page))
    movement = CashMovement.objects.get()
    accountant.post(f"/cajas/movimientos/{movement.pk}/revertir/", {"reason": REASON})
    assert "100,00" in _text(accountant.get(page))
    own = accountant.post(f"{page}cerrar/", {"counted_usd": "100", "closing_note": ""})
    assert "Quien abrió la caja no la cierra" in _text(own)
    less = manager.post(f"{page}cerrar/", {"counted_usd": "99", "closing_note": ""})
    assert "escriba por qué hay diferencia" in _text(less)
    done = manager.post(
        f"{page}cerrar/", {"counted_usd": "99", "closing_note": "Falta un dólar"}, follow=True
    )
    assert "−1,00 USD" in _text(done)
    assert "Falta un dólar" in _text(accountant.get(page))
    assert "−1,00" in _text(accountant.get(f"/cajas/{box.pk}/"))


def test_what_there_should_be_in_a_box_is_said_after_the_count(manager):
    address = f"/cajas/abiertas/{owed.opened('73.25').pk}/cerrar/"
    assert "73,25" not in _text(manager.get(address))
    told = {"counted_usd": "73,00", "closing_note": ""}
    assert "Debía haber 73,25" in _text(manager.post(address, told)).replace("73.25", "73,25")
    told["closing_note"] = "Faltan veinticinco centavos"
    assert manager.post(address, told).status_code == 302


def test_an_advance_in_inputs_is_given_from_what_was_handed_out(bought, accountant):
    grefa = family()
    inputs = handed_out(to=grefa)
    handed_out(to=family("Otra"))
    page = accountant.get(f"/anticipos/familia/{grefa.pk}/").content.decode()
    assert page.count("I-0000") == 1
    made = accountant.post(
        f"/anticipos/familia/{grefa.pk}/",
        {
            "kind": "inputs",
            "amount_usd": "12",
            "session": "",
            "inputs": inputs.pk,
            "given_on": "2026-02-02",
            "given_by": "Contabilidad",
            "purpose": "",
            "note": "",
        },
        follow=True,
    )
    shown = _text(made)
    assert "Insumos a crédito" in shown
    assert inputs.code in shown
    assert "Por descontar 12,00 USD" in shown


# --- Premiums -------------------------------------------------------------------------------------


def test_a_premium_is_written_by_one_and_confirmed_by_another_role(bought, accountant, manager):
    told = {
        "name": "Prima 2026",
        "product": bought.cacao.pk,
        "form": "",
        "certification_class": "organic",
        "usd_per_unit": "0,05",
        "unit": "kg",
        "valid_from": "2026-03-01",
        "valid_until": "",
        "resolution": "Asamblea 2026-02",
        "source": "Contrato con el comprador",
    }
    assert accountant.post("/liquidaciones/premios/nuevo/", told).status_code == 302
    rule = PremiumRule.objects.get()
    assert "falta confirmar" in _text(accountant.get("/liquidaciones/premios/"))
    address = f"/liquidaciones/premios/{rule.pk}/"
    assert accountant.get(f"{address}confirmar/").status_code == 404
    manager.post(f"{address}confirmar/", {"yes": "1"})
    assert "se paga" in _text(accountant.get("/liquidaciones/premios/"))
    accountant.post(f"{address}cerrar/", {"valid_until": "2026-12-31", "reason": REASON})
    rule.refresh_from_db()
    assert rule.valid_until == date(2026, 12, 31)


def test_who_wrote_a_premium_is_told_that_another_person_confirms_it(bought, client_of, manager):
    boss, address = client_of("administration"), "/liquidaciones/premios/"
    told = {
        "name": "Prima 2026",
        "product": bought.cacao.pk,
        "usd_per_unit": "0,05",
        "unit": "kg",
        "valid_from": "2026-03-01",
        "resolution": "Asamblea 2026-02",
        "source": "Contrato con el comprador",
    }
    assert boss.post(f"{address}nuevo/", told).status_code == 302
    rule = PremiumRule.objects.get()
    assert "Usted lo anotó: lo confirma otra persona" in _text(boss.get(address))
    refused = boss.post(f"{address}{rule.pk}/confirmar/", {"yes": "1"})
    assert "Quien anota un premio no lo confirma" in _text(refused)
    assert "Confirmar" in _text(manager.get(address))
    assert manager.post(f"{address}{rule.pk}/confirmar/", {"yes": "1"}).status_code == 302


# --- Statements -----------------------------------------------------------------------------------


def test_the_office_prints_the_statement_of_a_family(bought, accountant):
    grefa = family()
    weighed(grefa, bought)
    advance(grefa, "8.00")
    owed.paid(owed.approved(grefa), "10.00")
    weighed(grefa, bought, day="2026-04-02")
    page = _text(accountant.get(f"/liquidaciones/familia/{grefa.pk}/"))
    for said in (
        "Entregado sin liquidar 38,00",
        "Aprobado, por pagar 20,00",
        "Anticipos por descontar 0,00",
        "Entregado 76,00 USD",
        "Pagado 10,00 USD",
        "Se le debe: 58,00 USD",
        "L-00001",
        "P-00001",
        "A-00001",
    ):
        assert said in page
    owed.drafted(grefa, date(2026, 4, 30))
    assert "L-00002 por aprobar" in _text(accountant.get(f"/liquidaciones/familia/{grefa.pk}/"))
    empty = _text(accountant.get(f"/liquidaciones/familia/{grefa.pk}/?anio=2024"))
    assert "En 2024" in empty
    assert accountant.get(f"/liquidaciones/familia/{grefa.pk}/?anio=x").status_code == 400


def test_a_family_reads_its_statement_by_its_code_without_an_account(bought, accountant):
    member = partner(cedula=None, cedula_missing_reason="En trámite", phone="098 765 4321")
    grefa = member.family
    bank_account(member.person)
    weighed(grefa, bought, day=f"{localdate().year}-01-05", partner=member)
    owed.paid(owed.approved(grefa, date(localdate().year, 1, 31)), "30.00")
    answer = accountant.post(f"/liquidaciones/familia/{grefa.pk}/codigo/")
    assert answer["Cache-Control"] == "no-store"
    (code, *_rest) = re.findall(r"/cuenta/([0-9A-Z]{20})/", answer.content.decode())
    own = Client().get(f"/cuenta/{code}/")
    text = _text(own)
    assert "Se le debe 8,00 USD" in text
    assert "revisando" not in text
    assert "30,00 USD" in text
    for secret in ("098 765 4321", "2200114455", member.person.given_names):
        assert secret not in own.content.decode()
    assert "noindex" in own["X-Robots-Tag"]
    assert own["Referrer-Policy"] == "same-origin"  # to no other host; see tests/browser
    assert "no-store" in own["Cache-Control"]
    assert "sessionid" not in own.cookies


def test_a_family_to_whom_all_is_still_under_review_is_told_so(bought):
    grefa = family()
    weighed(grefa, bought, day=f"{localdate().year}-01-05")
    _link, code = make_statement_link(actor=None, family=grefa)
    text = _text(Client().get(f"/cuenta/{code}/"))
    assert "Se le debe 38,00 USD Todavía se está revisando." in text
    assert "muestre esta página o su papel" in text


def test_what_is_paid_is_not_paid_again(bought, accountant):
    made = owed.approved(weighed(family(), bought).family)
    page = f"/liquidaciones/{made.pk}/pagar/"
    assert accountant.get(page).status_code == 200
    owed.paid(made, "38.00")
    answer = accountant.get(page, follow=True)
    assert "De L-00001 ya no se debe nada." in _text(answer)


def test_a_family_reads_what_was_advanced_taken_off_and_left(bought):
    grefa = family()
    this_year = localdate().year
    advance(grefa, "50.00", given_on=date(this_year, 1, 4))
    weighed(grefa, bought, day=f"{this_year}-01-05")
    owed.drafted(grefa, date(this_year, 1, 31))
    _link, code = make_statement_link(actor=None, family=grefa)
    text = _text(Client().get(f"/cuenta/{code}/"))
    for said in (
        "A-00001",
        "Se le dio: 50,00 USD",
        "Ya se descontó: 38,00 USD",
        "Queda por descontar: 12,00 USD",
    ):
        assert said in text


def test_the_page_of_a_family_leads_to_its_account_for_who_may_see_it(bought, client_of):
    grefa = family()
    advance(grefa, "50.00")
    weighed(grefa, bought)
    owed.approved(grefa)
    page, story = f"/familias/{grefa.pk}/", f"/familias/{grefa.pk}/historia/"
    statement = f"/liquidaciones/familia/{grefa.pk}/"
    accountant, manager = client_of("accountant"), client_of("manager")
    shown = accountant.get(page).content.decode()
    assert f'"{statement}"' in shown
    assert f"/anticipos/familia/{grefa.pk}/" in shown
    read = manager.get(page).content.decode()
    assert f'"{statement}"' in read
    assert f"/anticipos/familia/{grefa.pk}/" not in read
    told = _text(manager.get(story)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Recibió un anticipo de 50,00 USD" in told
    assert "quedan por descontar 12,00 USD" in told
    assert "Se le liquidó hasta el" in told
    assert "se descontaron 38,00 USD de anticipos" in told
    weighs = client_of("center_operator")
    for address in (page, story):
        hidden = weighs.get(address).content.decode()
        assert "anticipo de" not in hidden
        assert "Se le liquidó" not in hidden
        assert statement not in hidden


def test_a_family_with_which_all_is_even_is_found_by_its_name_and_number(bought, accountant):
    grefa = family("Grefa")
    weighed(grefa, bought)
    owed.paid(owed.approved(grefa), "38.00")
    statement = f"/liquidaciones/familia/{grefa.pk}/"
    page = "/liquidaciones/por-pagar/"
    assert statement not in accountant.get(page).content.decode()
    for text in ("Grefa", str(grefa.number)):
        found = accountant.get(f"{page}?buscar={text}")
        assert statement in found.content.decode()
        assert "nada pendiente" in _text(found)


# --- Figures as they are written here -------------------------------------------------------------


def test_refusals_and_boxes_write_their_figures_as_here(bought, accountant):
    grefa = family()
    weighed(grefa, bought)
    made = owed.approved(grefa)
    session = owed.opened("1950.50")
    page = f"/liquidaciones/{made.pk}/pagar/"
    assert "Caja de la oficina: 1.950,50" in _text(accountant.get(page))
    told = {"amount_usd": "38,01", "method": "cash", "session": session.pk}
    told |= {"reference": "", "paid_on": "2026-04-02", "paid_by": "Contabilidad", "note": ""}
    assert "se deben 38,00 USD" in _text(accountant.post(page, told))


def test_a_line_and_a_movement_are_called_by_what_they_are_for(bought):
    grefa = family()
    advance(grefa, "8.00")
    weighed(grefa, bought)
    made = owed.approved(grefa)
    names = {str(one).replace("\N{NO-BREAK SPACE}", " ") for one in made.lines.all()}
    assert names == {"L-00001: entrega, 38,00 USD", "L-00001: anticipo, -8,00 USD"}


# --- The home page --------------------------------------------------------------------------------


def test_the_home_page_leads_to_settlements_advances_and_cash(bought, accountant, client_of):
    grefa = family()
    weighed(grefa, bought)
    owed.approved(grefa)
    home = accountant.get("/")
    assert "Aprobado y sin pagar: 38,00" in _text(home)
    for address in ("/liquidaciones/por-pagar/", "/anticipos/", "/cajas/"):
        assert f'href="{address}"' in home.content.decode()
    assert "Aprobado y sin pagar" not in _text(client_of("center_operator").get("/"))


def test_who_may_approve_is_told_what_waits_for_her_and_nobody_of_her_own(bought, client_of):
    weighed(grefa := family(), bought)
    owed.drafted(grefa)
    manager, accountant = client_of("manager"), client_of("accountant")
    assert "Liquidaciones por aprobar: 1" in _text(manager.get("/"))
    assert "1 liquidación espera que usted la apruebe" in _text(manager.get("/pendientes/"))
    assert "Liquidaciones por aprobar" not in _text(accountant.get("/"))


def test_a_wrong_and_a_revoked_code_answer_the_same(bought, accountant):
    grefa = family()
    link, code = make_statement_link(actor=None, family=grefa)
    assert Client().get(f"/cuenta/{code}/").status_code == 200
    answer = accountant.post(
        f"/liquidaciones/familia/{grefa.pk}/codigo/anular/", {"reason": REASON}
    )
    assert answer.status_code == 302
    revoked = Client().get(f"/cuenta/{code}/")
    wrong = Client().get(f"/cuenta/{'0' * 20}/")
    assert revoked.status_code == wrong.status_code == 404

    def said(response):
        told = response.content.decode()
        return re.sub(r"[0-9a-f-]{36}|(nonce|value)=\"[^\"]*\"", "", told)

    assert said(revoked) == said(wrong)
    assert dict(revoked.headers).keys() == dict(wrong.headers).keys()
    with pytest.raises(Exception, match="anulado"):
        revoke_statement_link(actor=None, link=link, reason=REASON)


def test_making_another_code_revokes_the_one_before(bought, accountant):
    grefa = family()
    _link, first = make_statement_link(actor=None, family=grefa)
    assert "Ya tiene uno" in _text(accountant.get(f"/liquidaciones/familia/{grefa.pk}/codigo/"))
    accountant.post(f"/liquidaciones/familia/{grefa.pk}/codigo/")
    assert Client().get(f"/cuenta/{first}/").status_code == 404
    assert StatementLink.objects.in_force().count() == 1


def test_the_page_of_a_family_is_light(bought):
    grefa = family()
    weighed(grefa, bought)
    _link, code = make_statement_link(actor=None, family=grefa)
    import gzip

    page = Client().get(f"/cuenta/{code}/").content
    assert len(gzip.compress(page)) < 10_000


# --- The tax office's document --------------------------------------------------------------------


def test_a_purchase_document_is_prepared_and_downloaded(bought, accountant):
    member = partner()
    weighed(member.family, bought, partner=member)
    made = owed.approved(member.family)
    page = f"/liquidaciones/{made.pk}/"
    assert "Falta el RUC" in _text(accountant.get(page))
    refused = accountant.post(f"{page}compra/", {"yes": "1"})
    assert "Falta el RUC" in _text(refused)
    assert accountant.get(f"{page}compra/1.xml").status_code == 404
    add_rule_value(
        actor=None,
        rule=rules.ISSUER_RUC,
        value="1591700000001",
        valid_from=date(2020, 1, 1),
        source="Certificado de RUC",
    )
    done = accountant.post(f"{page}compra/", {"yes": "1"}, follow=True)
    assert "falta firmar y enviar al SRI" in _text(done)
    document = PurchaseDocument.objects.get()
    assert document.access_key in _text(done)
    file = accountant.get(f"{page}compra/{document.pk}.xml")
    assert file["Content-Type"] == "application/xml; charset=utf-8"
    assert file.content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<liquidacionCompra")
    assert document.access_key.encode() in file.content
    assert accountant.get(f"/liquidaciones/{uuid4()}/compra/{document.pk}.xml").status_code == 404


def _production(ruc="1591700000001"):
    for rule, value in ((rules.ISSUER_RUC, ruc), (rules.ENVIRONMENT, 2)):
        add_rule_value(
            actor=None,
            rule=rule,
            value=value,
            valid_from=date(2020, 1, 1),
            source="Certificado de RUC",
        )


def test_what_became_of_a_document_is_told_on_its_settlement(bought, accountant, manager):
    _production()
    member = partner()
    weighed(member.family, bought, partner=member)
    made = owed.approved(member.family)
    page = f"/liquidaciones/{made.pk}/"
    accountant.post(f"{page}compra/", {"yes": "1"})
    document = PurchaseDocument.objects.get()
    shown = _text(accountant.get(page))
    assert "Preparar el documento" not in shown
    assert "Revertir" not in _text(manager.get(page))
    address = f"{page}compra/{document.pk}/"
    assert "clave de acceso" in _text(accountant.get(address))
    nothing = accountant.post(address, {"outcome": "returned", "reason": ""})
    assert nothing.status_code == 200
    assert not document.outcomes.exists()
    told = {"outcome": "authorised", "authorisation": "", "reason": "Correo del 3 de abril"}
    done = _text(accountant.post(address, told, follow=True))
    assert "autorizada por el SRI" in done
    assert "Correo del 3 de abril" in done
    assert accountant.post(address, told).status_code == 200
    assert document.outcomes.count() == 1
    done = _text(
        accountant.post(address, {"outcome": "annulled", "reason": "Cédula de otra"}, follow=True)
    )
    assert "Cédula de otra" in done
    assert "Preparar el documento" in done
    assert "Anotar qué pasó" not in done
    assert "Revertir" in _text(manager.get(page))
    accountant.post(f"{page}compra/", {"yes": "1"})
    assert "001-001-000000002" in _text(accountant.get(page))


def test_a_document_of_tests_says_that_it_reports_nothing(bought, accountant, manager):
    _production()
    add_rule_value(
        actor=None,
        rule=rules.ENVIRONMENT,
        value=1,
        valid_from=date(2020, 1, 2),
        source="Se prueba primero",
    )
    member = partner()
    weighed(member.family, bought, partner=member)
    made = owed.approved(member.family)
    page = f"/liquidaciones/{made.pk}/"
    accountant.post(f"{page}compra/", {"yes": "1"})
    assert "no informa nada al SRI" in _text(accountant.get(page))
    assert "Revertir" in _text(manager.get(page))


# --- The report -----------------------------------------------------------------------------------


def test_the_report_says_what_is_owed_by_community_and_the_money_for_the_week(bought, accountant):
    rumi, mirador = community("Rumi Yaku"), community("Mirador")
    cash_family, bank_family = family("Grefa", of=rumi), family("Cerda", of=mirador)
    bank_account(person(of=bank_family))
    for one in (cash_family, bank_family):
        weighed(one, bought)  # 38.00 each
    owed.approved(cash_family)
    advance(bank_family, "8.00")
    owed.opened("20.00")
    page = _text(accountant.get("/informes/cuentas/"))
    assert "Hay que pagar 68,00 USD 38,00 en efectivo, 30,00 por transferencia" in page
    assert "faltan 18,00 en efectivo" in page
    file = accountant.get("/informes/cuentas/comunidades.xlsx")
    rows = list(load_workbook(io.BytesIO(file.getvalue())).active.values)
    assert rows[1:] == [
        ("Rumi Yaku", 0, 0, 38, 0, 0, 38),
        ("Mirador", 38, 0, 0, 8, 0, 30),
    ]
    week = accountant.get("/informes/cuentas/semana.xlsx")
    rows = list(load_workbook(io.BytesIO(week.getvalue())).active.values)
    assert rows[1:] == [
        ("Aprobado, por pagar", 38, 0, 38),
        ("Por aprobar", 0, 0, 0),
        ("Entregado por liquidar, menos anticipos", 0, 30, 30),
        ("En total", 38, 30, 68),
    ]
    assert accountant.get("/informes/cuentas/otra.xlsx").status_code == 404


def test_the_report_without_anything_owed_says_so(accountant):
    assert "No se debe nada a nadie" in _text(accountant.get("/informes/cuentas/"))
    assert "No se debe nada a nadie" in _text(accountant.get("/liquidaciones/por-pagar/"))


def test_who_is_owed_is_listed_with_what_they_owe(bought, accountant):
    grefa = family("Grefa")
    weighed(grefa, bought)
    advance(grefa, "50.00")
    handed_in.delivery(
        family("Antigua"), bought.primera, "10", via="import", reference="Cuaderno 3"
    )
    page = _text(accountant.get("/liquidaciones/por-pagar/"))
    assert "1 familia con cuentas abiertas" in page
    assert "En total hay que pagar 0,00 USD; quedan 50,00 USD de anticipos" in page
    assert Decimal("0.00") == owed_total(grefa)


def test_what_was_paid_for_a_corrected_delivery_is_told_where_it_is_owed(bought, accountant):
    grefa = family("Grefa")
    delivery = weighed(grefa, bought, of_class="organic")  # 42.00 and 3.00
    owed.paid(owed.approved(grefa), "45.00")
    corrected(delivery, "90", of_class="organic")  # 40.50
    listed = _text(accountant.get("/liquidaciones/por-pagar/"))
    assert "hay que pagar 0,00 USD" in listed
    assert "40,50 — — — 45,00" in listed
    page = _text(accountant.get(f"/liquidaciones/familia/{grefa.pk}/"))
    assert "Saldo por descontar de correcciones 45,00" in page
    _link, code = make_statement_link(actor=None, family=grefa)
    own = _text(Client().get(f"/cuenta/{code}/"))
    assert "Se le debe 0,00 USD" in own
    assert "Por descontar de correcciones 4,50 USD" in own
    rows = accountant.get("/informes/cuentas/comunidades.xlsx")
    (_header, (_name, *row)) = load_workbook(io.BytesIO(rows.getvalue())).active.values
    assert row == [40.5, 0, 0, 0, 45, 0]


def owed_total(of):
    from harvests.owed import owed_to
    from members.models import Family

    return owed_to(Family.objects.filter(pk=of.pk))[of.pk].to_pay
