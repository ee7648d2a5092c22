"""The electronic liquidación de compra: its key, its number, its structure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from harvests import rules
from harvests.models import PurchaseDocument
from harvests.purchase_documents.access_key import access_key, check_figure, is_access_key
from harvests.purchase_documents.document import as_bytes, document_of
from harvests.purchase_documents.structure import faults
from harvests.services.purchase_documents import (
    issue_purchase_document,
    tell_purchase_outcome,
    what_is_missing,
)
from harvests.services.settlements import discard_settlement, reverse_settlement
from kallari.refusals import in_words
from kallari.rules.services import add_rule_value
from tests.harvests import factories, handed_in, owed
from tests.harvests.handed_in import at
from tests.harvests.refusals import refused
from tests.harvests.test_settlements import _sql, _together, advance, corrected, rule, weighed
from tests.members.factories import bank_account, family, partner, person

PUBLISHED = "2110201101179214673900110020010000000011234567813"
"""The example of the tax office's technical sheet: 21 October 2011, an invoice (01)."""
RUC = "1591700000001"


# --- The key --------------------------------------------------------------------------------------


def test_the_published_example_is_reproduced():
    assert (
        access_key(
            issued_on=date(2011, 10, 21),
            kind="01",
            ruc="1792146739001",
            environment=1,
            series="002001",
            sequential=1,
            numeric_code="12345678",
        )
        == PUBLISHED
    )
    assert is_access_key(PUBLISHED)


@given(st.integers(0, 48), st.integers(1, 9))
def test_a_wrong_figure_is_found(place, more):
    """Modulus 11 finds every single wrong figure, but where 10 and 11 become 1 and 0: both stand
    for what another remainder gives too."""
    wrong = str((int(PUBLISHED[place]) + more) % 10)
    told = PUBLISHED[:place] + wrong + PUBLISHED[place + 1 :]
    total = sum(int(one) * (2 + at_ % 6) for at_, one in enumerate(reversed(told[:-1])))
    if total % 11 not in {0, 1}:
        assert not is_access_key(told)


@pytest.mark.parametrize(
    ("figures", "check"),
    [("0", "0"), ("6", "1"), ("1", "9"), ("41261533", "6")],
    # 11 - 0 = 11 → 0; 11 - 12 % 11 = 10 → 1; 11 - 2 = 9; the last from the literature on modulus 11
)
def test_the_check_figure_of_modulus_11(figures, check):
    assert check_figure(figures) == check


@pytest.mark.parametrize(
    "wrong", [{"ruc": "15"}, {"series": "1001"}, {"numeric_code": "1"}, {"environment": 3}]
)
def test_a_part_that_does_not_fit_is_refused(wrong):
    told: dict[str, Any] = {
        "issued_on": date(2026, 4, 2),
        "ruc": RUC,
        "environment": 1,
        "series": "001001",
        "sequential": 1,
        "numeric_code": "12345678",
    }
    assert len(access_key(**told)) == 49
    with pytest.raises(ValueError, match="does not fit"):
        access_key(**told | wrong)


# --- The document ---------------------------------------------------------------------------------


def _enter(rule, value, valid_from=date(2020, 1, 1)):
    add_rule_value(
        actor=None,
        rule=rule,
        value=value,
        valid_from=valid_from,
        source="Certificado de RUC",
        reason="Consta en el certificado.",
    )


@pytest.fixture
def bought(db):
    made = factories.world()
    _enter(rules.ISSUER_RUC, RUC)
    return made


@pytest.fixture
def settlement(bought):
    member = partner()
    weighed(member.family, bought, partner=member)  # 38.00
    weighed(member.family, bought, "33.3", "2026-03-12", "organic")  # 13.99 and 1.00
    return owed.approved(member.family)


def issued(settlement):
    return issue_purchase_document(actor=owed.account(), settlement=settlement)


def test_a_document_has_the_published_structure(settlement):
    made = issued(settlement)
    root: Any = fromstring(as_bytes(document_of(made)))  # noqa: S314 - of our own writing
    assert list(faults(root)) == []
    assert root.findtext("infoTributaria/claveAcceso") == made.access_key
    assert is_access_key(made.access_key)
    info = root.find("infoLiquidacionCompra")
    assert info.findtext("tipoIdentificacionProveedor") == "05"
    assert info.findtext("identificacionProveedor") == settlement.partner.person.cedula
    assert info.findtext("importeTotal") == "52.99"
    details = root.findall("detalles/detalle")
    assert [one.findtext("precioTotalSinImpuesto") for one in details] == ["38.00", "14.99"]
    for one in details:
        reckoned = Decimal(one.findtext("cantidad")) * Decimal(one.findtext("precioUnitario"))
        assert abs(reckoned - Decimal(one.findtext("precioTotalSinImpuesto"))) < Decimal("0.005")
    assert sum(Decimal(one.text) for one in root.iterfind(".//pago/total")) == Decimal("52.99")


def test_the_same_document_is_the_same_bytes_whatever_is_paid_later(settlement):
    made = issued(settlement)
    first = as_bytes(document_of(made))
    owed.paid(settlement, "10.00")
    assert as_bytes(document_of(PurchaseDocument.objects.get(pk=made.pk))) == first


def _paid(settlement):
    root = document_of(issued(settlement))
    return [(one.findtext("formaPago"), one.findtext("total")) for one in root.iter("pago")]


def test_transfers_cash_and_what_is_set_off_against_advances_are_told_apart(bought):
    """Table 24 of the tax office: 20 through a bank, 01 without one, 15 compensation of debts."""
    member = partner()
    advance(member.family, "8.00")
    weighed(member.family, bought, partner=member)  # 38.00
    made = owed.approved(member.family)
    owed.paid(made, "10.00")
    owed.paid(made, "20.00", method="cash", session=owed.opened("50.00"))
    assert _paid(made) == [("20", "10.00"), ("01", "20.00"), ("15", "8.00")]


def test_what_is_not_paid_yet_is_told_by_how_the_family_is_paid(settlement):
    """Nothing is known of it: cash."""
    assert _paid(settlement) == [("01", "52.99")]


def test_what_is_not_paid_yet_goes_to_the_account_where_there_is_one(settlement):
    bank_account(settlement.partner.person)
    assert _paid(settlement) == [("20", "52.99")]


def test_what_is_not_paid_yet_is_told_as_the_last_payment_a_transfer(settlement):
    owed.paid(settlement, "2.00")
    assert _paid(settlement) == [("20", "52.99")]


def test_what_is_not_paid_yet_is_told_as_the_last_payment_in_cash(settlement):
    owed.paid(settlement, "2.00")
    owed.paid(settlement, "1.00", method="cash", session=owed.opened("50.00"))
    assert _paid(settlement) == [("20", "2.00"), ("01", "50.99")]


def test_whether_accounts_are_kept_is_asked_for_in_words(settlement):
    _enter(rules.KEEPS_ACCOUNTS, "Sí")
    assert "se escribe SI o NO" in _words(settlement)
    with refused("cannot_be_issued"):
        issued(settlement)
    _enter(rules.KEEPS_ACCOUNTS, "NO", date(2020, 1, 2))
    assert document_of(issued(settlement)).findtext(".//obligadoContabilidad") == "NO"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda root: root.find("infoTributaria").remove(root.find("infoTributaria/ruc")),
        lambda root: root.find("infoTributaria").append(root.find("infoTributaria")[0]),
        lambda root: setattr(root.find("infoLiquidacionCompra/fechaEmision"), "text", "2026-04-02"),
        lambda root: setattr(root.find("infoLiquidacionCompra/importeTotal"), "text", "52,99"),
        lambda root: root.find("detalles").clear(),
        lambda root: root.set("version", "1.0.0"),
        lambda root: setattr(root.find("infoTributaria/codDoc"), "text", "01"),
    ],
)
def test_what_is_not_as_published_is_found(settlement, spoil):
    root = document_of(issued(settlement))
    assert list(faults(root)) == []
    spoil(root)
    assert list(faults(root)) != []


def test_numbers_follow_each_other_and_begin_where_the_rule_says(bought):
    _enter(rules.FIRST_SEQUENTIAL, 120)
    made = []
    for name in ("Uno", "Dos"):
        member = partner(surnames=name)
        weighed(member.family, bought, partner=member)
        made.append(issued(owed.approved(member.family)))
    assert [one.number for one in made] == ["001-001-000000120", "001-001-000000121"]
    assert made[0].access_key[:8] == made[0].issued_on.strftime("%d%m%Y")


# --- What becomes of it ---------------------------------------------------------------------------


def told(document, outcome, **more):
    return tell_purchase_outcome(
        **{
            "actor": owed.account(),
            "document": document,
            "outcome": outcome,
            "reason": "Correo del SRI del 3 de abril.",
        }
        | more
    )


def reversed_(settlement):
    return reverse_settlement(actor=owed.account(), settlement=settlement, reason="Se hizo mal.")


def test_what_was_reported_is_not_reversed_until_it_is_annulled(settlement):
    _enter(rules.ENVIRONMENT, 2)
    made = issued(settlement)
    with refused("issued"):
        issued(settlement)
    with refused("reported"):
        reversed_(settlement)
    told(made, "authorised")
    with refused("reported"):
        reversed_(settlement)
    told(made, "annulled")
    assert reversed_(settlement).reverses == settlement
    with refused("cannot_be_issued"):
        issued(settlement)


def test_a_document_of_tests_reports_nothing(settlement):
    """Prepared to try it out, it keeps the settlement from nothing but another one of tests."""
    first = issued(settlement)
    assert first.environment == PurchaseDocument.Environment.TEST
    with refused("issued"):
        issued(settlement)
    _enter(rules.ENVIRONMENT, 2)
    second = issued(settlement)
    assert (second.environment, second.sequential) == (2, 1)
    assert list(PurchaseDocument.objects.reporting()) == [second]
    told(second, "annulled")
    assert not PurchaseDocument.objects.reporting().exists()
    reversed_(settlement)


@pytest.mark.parametrize("outcome", ["returned", "annulled"])
def test_another_is_prepared_for_what_stands_no_more(settlement, outcome):
    first = issued(settlement)
    told(first, outcome)
    second = issued(settlement)
    assert second.sequential == first.sequential + 1
    assert second.access_key != first.access_key
    assert list(PurchaseDocument.objects.standing()) == [second]
    with refused("issued"):
        issued(settlement)


def test_what_was_authorised_may_be_annulled_and_nothing_else_is_told_twice(settlement):
    made = issued(settlement)
    with refused("reason_required"):
        told(made, "authorised", reason=" ")
    with pytest.raises(ValidationError, match="cifras"):
        told(made, "authorised", authorisation="la de ayer")
    with pytest.raises(ValidationError, match="solo si se autorizó"):
        told(made, "returned", authorisation="1" * 49)
    with pytest.raises(ValidationError, match="no es una opción válida"):
        told(made, "lost")
    assert told(made, "authorised").authorisation == made.access_key
    for outcome in ("authorised", "returned"):
        with refused("outcome_stays"):
            told(made, outcome)
    told(made, "annulled")
    for outcome in ("authorised", "returned", "annulled"):
        with refused("outcome_stays"):
            told(made, outcome)


TOLD = (
    "INSERT INTO harvests_purchasedocumentoutcome (document_id, outcome, authorisation, reason,"
    " told_at, told_by_id) SELECT %s, %s, %s, 'x', now(), id FROM accounts_user LIMIT 1"
)


def test_the_database_holds_what_became_of_a_document(settlement):
    made = issued(settlement)
    with pytest.raises(IntegrityError, match="what_is_authorised_has_a_number"):
        _sql(TOLD, made.pk, "authorised", "")
    _sql(TOLD, made.pk, "authorised", "1" * 49)
    with pytest.raises(IntegrityError, match="what became of it is told"):
        _sql(TOLD, made.pk, "returned", "")
    _sql(TOLD, made.pk, "annulled", "")
    with pytest.raises(IntegrityError, match="an_outcome_is_told_once"):
        _sql(TOLD, made.pk, "authorised", "1" * 49)
    for statement in ("UPDATE {} SET outcome = 'returned'", "DELETE FROM {}"):
        with pytest.raises(DatabaseError, match="append-only"):
            _sql(statement.format("harvests_purchasedocumentoutcome"))


def test_the_database_keeps_a_reported_settlement_from_being_reversed(settlement):
    _enter(rules.ENVIRONMENT, 2)
    made = issued(settlement)
    reversal = "UPDATE harvests_settlement SET status = 'reversed', ended_at = now() WHERE id = %s"
    with pytest.raises(IntegrityError, match="reported to the tax office") as refusal:
        _sql(reversal, settlement.pk)
    assert in_words(refusal.value).code == "reported"
    told(made, "annulled")
    reversed_(settlement)


COPIED = (
    "INSERT INTO harvests_purchasedocument (settlement_id, environment, establishment,"
    " emission_point, sequential, issued_on, access_key, seller_cedula, seller_name, facts)"
    " SELECT %s, %s, establishment, emission_point, %s, issued_on, %s, '', '', facts"
    " FROM harvests_purchasedocument"
)


def test_one_document_stands_of_a_settlement_even_by_sql(settlement):
    made = issued(settlement)
    with pytest.raises(IntegrityError, match="another one stands"):
        _sql(COPIED, settlement.pk, 1, 2, "1" * 49)
    told(made, "returned")
    _sql(COPIED, settlement.pk, 1, 2, "1" * 49)


def test_a_document_of_what_is_reversed_is_refused_by_the_database(bought, settlement):
    issued(settlement)
    member = partner(surnames="Otra")
    weighed(member.family, bought, partner=member)
    other = owed.approved(member.family)
    for one in (other, reversed_(other)):
        with pytest.raises(IntegrityError, match="not approved"):
            _sql(COPIED, one.pk, 1, 2, "1" * 49)


# --- What is missing ------------------------------------------------------------------------------


def _words(settlement):
    return " ".join(what_is_missing(settlement, date(2026, 4, 2)))


def test_sellers_without_a_cedula_are_named_and_nothing_is_issued(bought):
    nobody = family("Sola")
    weighed(nobody, bought)
    made = owed.approved(nobody)
    assert "ni una persona responsable" in _words(made)
    person(of=nobody, kinship="head", cedula=None, cedula_missing_reason="En trámite")
    assert "Falta la cédula" in _words(made)
    with refused("cannot_be_issued"):
        issued(made)
    assert not PurchaseDocument.objects.exists()


def test_without_a_ruc_nothing_is_issued(db):
    bought, member = factories.world(), partner()
    weighed(member.family, bought, partner=member)
    made = owed.approved(member.family)
    assert "Falta el RUC" in _words(made)
    _enter(rules.ISSUER_RUC, RUC)
    assert _words(made) == ""


def test_pieces_corrections_and_drafts_are_left_to_the_accountant(bought):
    member = partner()
    handed_in.delivery(
        member.family, bought.pieza_unica, "3", weighed_at=at("2026-03-10"), partner=member
    )
    made = owed.drafted(member.family)
    assert "aprobada" in _words(made)
    assert "IVA" in _words(made)
    discard_settlement(actor=owed.account(), settlement=made, reason="Se hace otra.")
    delivery = weighed(member.family, bought, partner=member)
    owed.approved(member.family)
    corrected(delivery, "90", partner=member)
    assert "nota de crédito" in _words(owed.approved(member.family, date(2026, 4, 10)))


def test_a_premium_for_kilos_that_are_documented_is_left_to_the_accountant(bought):
    member = partner()
    weighed(member.family, bought, partner=member)
    first = owed.approved(member.family)
    rule(bought.cacao, "0.10")
    later = owed.approved(member.family, date(2026, 4, 30))
    assert owed.amounts(later) == [("rule", Decimal("4.54"))]
    assert _words(first) == ""
    assert "ya se documentó" in _words(later)
    with refused("cannot_be_issued"):
        issued(later)


def test_a_premium_of_the_same_settlement_is_told_with_its_kilos(bought):
    member = partner()
    weighed(member.family, bought, partner=member)
    rule(bought.cacao, "0.10")
    made = owed.approved(member.family)
    assert _words(made) == ""
    assert document_of(issued(made)).findtext(".//importeTotal") == "42.54"


# --- What the database holds ----------------------------------------------------------------------


def _of_another(bought):
    member = partner(surnames="Otra")
    weighed(member.family, bought, partner=member)
    return owed.approved(member.family)


def test_a_series_begins_with_the_number_of_the_rule_even_by_sql(bought, settlement):
    issued(settlement)
    other = _of_another(bought)
    of_another_series = COPIED.replace(
        " establishment, emission_point, %s", " '002', emission_point, %s"
    )
    with pytest.raises(IntegrityError, match="not the number that follows"):
        _sql(of_another_series, other.pk, 1, 5, "1" * 49)
    _sql(of_another_series, other.pk, 1, 1, "1" * 49)


def test_a_gap_in_the_numbers_is_refused_by_the_database(bought, settlement):
    first = issued(settlement)
    other = _of_another(bought)
    for number in (first.sequential, first.sequential + 2):
        with pytest.raises(IntegrityError, match="not the number that follows"):
            _sql(COPIED, other.pk, 1, number, "1" * 49)
    with pytest.raises(IntegrityError, match="an_access_key_has_49_figures"):
        _sql(COPIED, other.pk, 1, first.sequential + 1, "1" * 48)
    _sql(COPIED, other.pk, 1, first.sequential + 1, "1" * 49)


@pytest.mark.parametrize("statement", ["UPDATE {} SET sequential = 7", "DELETE FROM {}"])
def test_a_document_is_neither_changed_nor_removed(settlement, statement):
    issued(settlement)
    with pytest.raises(DatabaseError, match="append-only"):
        _sql(statement.format("harvests_purchasedocument"))


@pytest.mark.django_db(transaction=True)
def test_five_who_issue_at_once_get_five_numbers_that_follow():
    bought = factories.world()
    _enter(rules.ISSUER_RUC, RUC)
    clerk, made = owed.account(), []
    for place in range(5):
        member = partner(surnames=f"Familia {place}")
        weighed(member.family, bought, partner=member)
        made.append(owed.approved(member.family))
    results = _together(
        5, lambda place: issue_purchase_document(actor=clerk, settlement=made[place])
    )
    assert not [one for one in results if isinstance(one, ValidationError)]
    numbers = PurchaseDocument.objects.values_list("sequential", flat=True)
    assert sorted(numbers) == [1, 2, 3, 4, 5]
