"""The pages of prices, quotas, advances, devices and products, through the door people use."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from harvests.models import Advance, MarketPrice, PriceList, Product, Quota
from harvests.services import prices, quotas
from harvests.services.advances import give_advance
from kallari.history.bulk import bulk_create_with_history
from tests.harvests import factories
from tests.harvests.factories import CONVENTIONAL, GUAYAQUIL, ORGANIC, TRANSITION
from tests.members.factories import REASON, family
from tests.people import make_account
from tests.queries import assert_same_queries

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23T15:00:00+00:00")]

TODAY = date(2026, 11, 23)


@pytest.fixture
def office(client_of):
    return client_of("administration")


@pytest.fixture
def accountant(client_of):
    return client_of("accountant")


@pytest.fixture
def bought():
    return factories.world()


def _text(response):
    return " ".join(response.content.decode().split())


# --- Prices ---------------------------------------------------------------------------------------


def test_what_is_paid_now_stands_by_the_unit_the_kilo_and_the_quintal(office, bought):
    # Vanilla 33 USD/kg: 33 × 45.359237 = 1,496.85 a quintal. Guayusa 40 USD/qq: 40 ÷ 45.359237 =
    # 0.88 a kilo. First-quality organic baba 0.42 + 0.03 a pound: 0.45 ÷ 0.45359237 = 0.99 a kilo.
    page = _text(office.get("/precios/"))
    assert "<strong>33,00</strong> USD/kg" in page
    assert ">1.496,85 el quintal<" in page
    assert "<strong>40,00</strong> USD/qq" in page
    assert ">0,88 el kilo<" in page
    assert "<strong>0,45</strong> USD/lb" in page
    assert "0,42 y premio 0,03" in page
    assert "0,99 el kilo · 45,00 el quintal" in page


def test_a_whole_list_is_typed_approved_and_published(office, accountant, bought):
    answer = accountant.post("/precios/nueva/", {"name": "Precios de diciembre"})
    made = PriceList.objects.drafts().get()
    assert answer.url == f"/precios/{made.pk}/tabla/"
    organic, conventional = (f"{bought.primera.pk}-{one}" for one in (ORGANIC, CONVENTIONAL))
    told = {f"unit-{form.pk}": form.unit for form in _forms(bought)} | {
        f"price-{organic}": "0,5525",
        f"premium-{organic}": "0,05",
        f"price-{conventional}": "0.48",
    }
    accountant.post(f"/precios/{made.pk}/tabla/", told)
    assert _kinds(made) == {
        (ORGANIC, Decimal("0.5525"), Decimal("0.05"), "lb"),
        (CONVENTIONAL, Decimal("0.48"), Decimal(0), "lb"),
    }
    accountant.post(f"/precios/{made.pk}/aprobar/", {"resolution": "DIR-2026-11"})
    assert accountant.get(f"/precios/{made.pk}/publicar/").status_code == 404
    office.post(f"/precios/{made.pk}/publicar/", {"valid_from": "2026-11-24T11:30"})
    made.refresh_from_db()
    assert made.valid_from == datetime(2026, 11, 24, 11, 30, tzinfo=GUAYAQUIL)
    assert "Regirá desde el 24 de noviembre de 2026, 11:30" in _text(
        office.get(f"/precios/{made.pk}/")
    )
    assert accountant.get(f"/precios/{made.pk}/tabla/").status_code == 404


def _forms(bought):
    return [bought.baba, bought.seco, bought.hoja, bought.vaina, bought.pieza]


def _kinds(of):
    return set(of.lines.values_list("certification_class", "price_usd", "premium_usd", "unit"))


def test_a_price_left_empty_is_taken_out_and_a_premium_alone_is_asked_about(accountant, bought):
    draft = factories.draft(
        (bought.primera, ORGANIC, "0.42", "lb", "0.03"), (bought.primera, TRANSITION, "0.40")
    )
    address = f"/precios/{draft.pk}/tabla/"
    units = {f"unit-{form.pk}": form.unit for form in _forms(bought)}
    transition = {f"price-{bought.primera.pk}-{TRANSITION}": "0,40"}
    alone = {f"premium-{bought.primera.pk}-{ORGANIC}": "0,03"}
    assert "Hay un premio sin precio" in _text(accountant.post(address, units | transition | alone))
    assert draft.lines.count() == 2
    accountant.post(address, units | transition)
    assert _kinds(draft) == {(TRANSITION, Decimal("0.40"), Decimal(0), "lb")}


def test_a_table_shown_and_saved_again_changes_nothing(accountant, bought):
    copy = prices.copy_price_list(actor=None, price_list=bought.price_list, name="Copia")
    before = list(copy.lines.order_by("pk").values())
    history = copy.lines.model.history.count()
    address = f"/precios/{copy.pk}/tabla/"
    form = accountant.get(address).context["form"]
    told = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    assert len(told) > len(before)
    shown = {name: form.fields[name].prepare_value(value) for name, value in told.items()}
    assert accountant.post(address, shown).status_code == 302
    assert list(copy.lines.order_by("pk").values()) == before
    assert copy.lines.model.history.count() == history


def test_who_changes_an_approved_list_is_told_that_it_is_no_longer_approved(
    office, accountant, bought
):
    draft = factories.draft((bought.primera, ORGANIC, "0.55"), resolution="DIR-7")
    address = f"/precios/{draft.pk}/tabla/"
    assert "La lista está aprobada (DIR-7). Si cambia un precio" in _text(accountant.get(address))
    units = {f"unit-{form.pk}": form.unit for form in _forms(bought)}
    told = units | {f"price-{bought.primera.pk}-{ORGANIC}": "5,50"}
    page = _text(accountant.post(address, told, follow=True))
    assert "Ya no está aprobada: anote la resolución" in page
    assert "Borrador: todavía no vale para ninguna entrega." in page
    page = _text(office.get(draft.get_absolute_url()))
    assert "Cambiaron sus precios: la resolución «DIR-7» ya no la aprueba." in page
    assert "<div>Precio: Baba Primera" in page, "its lines change in its history"
    assert "La lista está aprobada" not in _text(accountant.get(address))


def test_before_publication_each_price_stands_beside_the_one_in_force(office, bought):
    """In force a pound of baba: 0.42 + 0.03 organic, 0.40 in transition, 0.38 conventional.
    0.50 ÷ 0.45 is 11.1 % more; 0.30 ÷ 0.40 25 % less; 28 USD/qq are 0.28 USD/lb, 26.3 % less."""
    draft = factories.draft(
        (bought.primera, ORGANIC, "0.47", "lb", "0.03"),
        (bought.primera, TRANSITION, "0.30"),
        (bought.primera, CONVENTIONAL, "28", "qq"),
        resolution="DIR-1",
        name="Diciembre",
    )
    page = office.get(f"/precios/{draft.pk}/publicar/")
    changes = {
        (one.line.quality.code, one.line.certification_class): one
        for one in page.context["changes"]
    }
    assert len(changes) == 16, "every kind in force"
    told = [changes["baba-primera", one] for one in (ORGANIC, TRANSITION, CONVENTIONAL)]
    assert [str(one.percent) for one in told] == ["11.1", "-25.0", "-26.3"]
    assert [one.is_large for one in told] == [False, False, True]
    words = _text(page)
    assert "<strong>1</strong> precio cambia más del 25 %" in words
    assert "<strong>13</strong> precios que rigen no están en esta lista" in words
    assert "USD/lb de la lista Precios de enero" in words


@pytest.mark.parametrize(
    ("price", "unit", "times"),
    [("40", "lb", "×100"), ("4000", "qq", "×100"), ("0.004", "lb", "÷100")],
)
def test_a_comma_out_of_place_is_told_as_a_factor(office, bought, price, unit, times):
    draft = factories.draft((bought.primera, TRANSITION, price, unit), resolution="DIR-1")
    assert times in _text(office.get(f"/precios/{draft.pk}/publicar/"))


def test_the_table_begins_with_the_unit_of_the_price_in_force(accountant, bought):
    factories.price_list(
        (bought.primera, ORGANIC, "45", "qq"),
        (bought.primera, TRANSITION, "40", "qq"),
        (bought.primera, CONVENTIONAL, "38", "qq"),
        (bought.segunda, ORGANIC, "40", "qq"),
        (bought.segunda, TRANSITION, "38", "qq"),
        (bought.segunda, CONVENTIONAL, "36", "qq"),
        valid_from=timezone.now(),
        name="Por quintal",
    )
    draft = factories.draft(name="Nueva")
    page = accountant.get(f"/precios/{draft.pk}/tabla/")
    assert bought.baba.unit == "lb"
    assert page.context["form"][f"unit-{bought.baba.pk}"].value() == "qq"
    assert "De lo que deje vacío sigue rigiendo el precio anterior" in _text(page)


def test_a_delegate_sees_prices_but_no_draft(client_of, bought):
    delegate = client_of("delegate")
    draft = factories.draft((bought.primera, ORGANIC, "0.55"), name="Secreta")
    assert "Secreta" not in _text(delegate.get("/precios/"))
    assert delegate.get(f"/precios/{draft.pk}/").status_code == 404
    assert delegate.get(f"/precios/{bought.price_list.pk}/").status_code == 200


def test_a_list_says_how_many_of_its_prices_a_later_one_took_over(office, bought):
    factories.price_list((bought.primera, ORGANIC, "0.55"), valid_from=timezone.now())
    page = _text(office.get(f"/precios/{bought.price_list.pk}/"))
    assert "De sus 16 precios rigen 15" in page


def test_a_publication_refused_stands_at_its_field(office, bought):
    draft = factories.draft((bought.primera, ORGANIC, "0.55"), resolution="DIR-1")
    same = factories.PRICES_FROM.strftime("%Y-%m-%dT%H:%M")
    page = office.post(f"/precios/{draft.pk}/publicar/", {"valid_from": same})
    assert "ya rige desde ese mismo momento" in str(page.context["form"].errors["valid_from"])


def test_a_market_price_is_told_again_with_a_reason_alone(accountant, bought):
    address = "/precios/mercado/anotar/"
    told = {"product": bought.cacao.pk, "day": "2026-02-02", "source": "ICE"}
    assert accountant.post(address, told | {"usd_per_tonne": "3226"}).status_code == 302
    assert accountant.post(address, told | {"usd_per_tonne": "3230"}).status_code == 200
    corrected = told | {"usd_per_tonne": "3230", "reason": REASON}
    assert accountant.post(address, corrected).status_code == 302
    # 3230 USD/t ÷ 22.0462 qq = 146.51 USD/qq (REFERENCE.md: 1 t = 22.0462 qq).
    assert "146,51" in _text(accountant.get("/precios/mercado/"))


# --- Quotas, advances -----------------------------------------------------------------------------


def test_a_quota_shows_how_much_of_it_has_come(office, bought, account):
    grefa = family("Grefa")
    told = {
        "form": bought.hoja.pk,
        "starts_on": "2026-11-01",
        "ends_on": "2026-11-30",
        "limit_kg": "200",
    }
    assert office.post(f"/cupos/familia/{grefa.pk}/", told).status_code == 302
    factories.weighed(
        bought.hoja_primera,
        family=grefa,
        kg="250",
        at=datetime(2026, 11, 20, 9, tzinfo=GUAYAQUIL),
        center=bought.tena,
        agent=account("center_operator"),
    )
    assert "125 %" in _text(office.get("/cupos/"))
    quota = Quota.objects.get()
    assert office.post(f"/cupos/{quota.pk}/retirar/", {"reason": REASON}).status_code == 302
    assert "Hoy no rige ningún cupo" in _text(office.get("/cupos/"))
    assert "retirado" in _text(office.get("/cupos/?estado=retirados"))


def test_an_advance_is_given_printed_and_voided(accountant):
    grefa = family("Grefa")
    found = accountant.get("/anticipos/nuevo/?buscar=grefa")
    assert f"/anticipos/familia/{grefa.pk}/" in found.content.decode()
    told = {"amount_usd": "1250,50", "given_on": "2026-11-23", "given_by": "Contabilidad"}
    accountant.post(f"/anticipos/familia/{grefa.pk}/", told)
    advance = Advance.objects.get()
    assert advance.amount_usd == Decimal("1250.50")
    page = _text(accountant.get(f"/anticipos/{advance.pk}/"))
    assert "A-00001" in page
    assert "1.250,50 USD" in page
    assert "Suman 1.250,50 USD" in _text(accountant.get("/anticipos/"))
    accountant.post(f"/anticipos/{advance.pk}/anular/", {"reason": REASON})
    assert "Todavía no hay anticipos" in _text(accountant.get("/anticipos/"))
    assert "A-00001" in _text(accountant.get("/anticipos/?estado=anulados"))


# --- Products, devices ----------------------------------------------------------------------------


def test_an_empty_catalogue_is_filled_with_one_button(office):
    assert "/productos/usual/" in office.get("/productos/").content.decode()
    assert office.post("/productos/usual/").url == "/productos/"
    page = _text(office.get("/productos/"))
    assert Product.objects.count() == 5
    assert "sin confirmar" in page
    assert "/productos/usual/" not in page


def test_figures_are_shown_to_who_buys_alone(office, client_of, bought):
    shown = "Rendimiento esperado en seco"
    assert shown in _text(office.get("/productos/"))
    assert shown not in _text(client_of("delegate").get("/productos/"))


def test_a_device_names_the_numbers_that_did_not_arrive(office):
    device = factories.device(name="Teléfono de Wilmer")
    _sent(device, 2, 3, 7)
    page = _text(office.get(f"/dispositivos/{device.pk}/"))
    assert "N.º 1 " in page
    assert "Del n.º 4 al 6" in page
    assert device.missing_numbers() == [(1, 1), (4, 6)]
    assert "faltan números" in _text(office.get("/dispositivos/"))
    _sent(device, 1, 4, 5, 6)
    assert device.missing_numbers() == []
    assert "completo" in _text(office.get("/dispositivos/"))


def _sent(device, *numbers):
    from harvests.models import Operation

    for number in numbers:
        Operation.objects.create(
            op_id=uuid.uuid4(),
            digest="0" * 64,
            raw="{}",
            user=device.user,
            device=device,
            device_seq=number,
            received_at=timezone.now(),
            is_open=False,
        )


def test_a_device_is_revoked_and_accepted_again(office):
    device = factories.device()
    address = reverse("harvests:device", args=[device.pk])
    office.post(f"{address}anular/", {"reason": REASON})
    device.refresh_from_db()
    assert device.is_revoked
    office.post(f"{address}aceptar/", {"reason": REASON})
    device.refresh_from_db()
    assert not device.is_revoked


# --- Queries --------------------------------------------------------------------------------------

_numbers = count(1)


def _price_lists(rows):
    lists = [PriceList(name=f"Lista {next(_numbers)}") for _row in range(rows)]
    bulk_create_with_history(lists, actor=None)


def _market_prices(rows):
    cacao = Product.objects.get(code="cacao")
    start = MarketPrice.objects.count()
    for row in range(start, start + rows):
        prices.note_market_price(
            actor=None,
            product=cacao,
            day=date.fromordinal(TODAY.toordinal() - row),
            usd_per_tonne=Decimal(3226),
            source="ICE",
        )


def _quotas(rows):
    from harvests.models import ProductForm

    baba = ProductForm.objects.get(code="baba")
    for _row in range(rows):
        quotas.set_quota(
            actor=None,
            form=baba,
            family=family(f"Grefa {next(_numbers)}"),
            starts_on=TODAY,
            ends_on=TODAY,
            limit_kg=Decimal(10),
        )


def _advances(rows):
    grefa = family("Grefa")
    for _row in range(rows):
        give_advance(
            actor=None, family=grefa, amount_usd=Decimal(1), given_on=TODAY, given_by="Caja"
        )


def _products(rows):
    for _row in range(rows):
        number = next(_numbers)
        product = factories.product(f"p{number}", f"Producto {number}")
        form = factories.product_form(f"f{number}", of=product)
        factories.quality(f"q{number}", of=form)
        factories.figure("late_days", "7", of=form)
        factories.variety(f"v{number}", of=product)


def _devices(rows):
    for _row in range(rows):
        number = next(_numbers)
        user = make_account("extension_agent", username=f"agente{number}")
        _sent(factories.device(user, name=f"Teléfono {number}"), 1, 3)


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("/precios/", _price_lists),
        ("/precios/mercado/", _market_prices),
        ("/cupos/", _quotas),
        ("/anticipos/", _advances),
        ("/productos/", _products),
        ("/dispositivos/", _devices),
    ],
)
def test_a_list_asks_as_often_for_3_rows_as_for_300(office, bought, address, rows):
    def ask():
        response = office.get(address)
        assert response.status_code == 200
        assert response.getvalue()

    assert_same_queries(rows, ask, many=30 if rows is _devices else 300)
