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
from harvests.services.purchase_documents import issue_purchase_document, what_is_missing
from kallari.rules.services import add_rule_value
from tests.harvests import factories, handed_in, owed
from tests.harvests.handed_in import at
from tests.harvests.refusals import refused
from tests.harvests.test_settlements import _sql, _together, corrected, rule, weighed
from tests.members.factories import family, partner, person

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


def _enter(rule, value):
    add_rule_value(
        actor=None,
        rule=rule,
        value=value,
        valid_from=date(2020, 1, 1),
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


def test_transfers_and_the_rest_are_told_apart(settlement):
    owed.paid(settlement, "10.00")
    root = document_of(issued(settlement))
    paid = [(one.findtext("formaPago"), one.findtext("total")) for one in root.iter("pago")]
    assert paid == [("20", "10.00"), ("01", "42.99")]


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


def test_a_settlement_has_one_document_and_is_not_reversed_then(settlement):
    from harvests.services.settlements import reverse_settlement

    issued(settlement)
    with refused("issued"):
        issued(settlement)
    with refused("reported"):
        reverse_settlement(actor=owed.account(), settlement=settlement, reason="Se hizo mal.")


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
    from harvests.services.settlements import discard_settlement

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


COPIED = (
    "INSERT INTO harvests_purchasedocument (settlement_id, environment, establishment,"
    " emission_point, sequential, issued_on, access_key, seller_cedula, seller_name, facts)"
    " SELECT %s, environment, establishment, emission_point, %s, issued_on, %s, '', '', facts"
    " FROM harvests_purchasedocument"
)


def _of_another(bought):
    member = partner(surnames="Otra")
    weighed(member.family, bought, partner=member)
    return owed.approved(member.family)


def test_a_series_begins_with_the_number_of_the_rule_even_by_sql(bought, settlement):
    issued(settlement)
    other = _of_another(bought)
    of_another_series = COPIED.replace(
        "SELECT %s, environment, establishment", "SELECT %s, environment, '002'"
    )
    with pytest.raises(IntegrityError, match="not the number that follows"):
        _sql(of_another_series, other.pk, 5, "1" * 49)
    _sql(of_another_series, other.pk, 1, "1" * 49)


def test_a_gap_in_the_numbers_is_refused_by_the_database(bought, settlement):
    first = issued(settlement)
    other = _of_another(bought)
    for number in (first.sequential, first.sequential + 2):
        with pytest.raises(IntegrityError, match="not the number that follows"):
            _sql(COPIED, other.pk, number, "1" * 49)
    with pytest.raises(IntegrityError, match="an_access_key_has_49_figures"):
        _sql(COPIED, other.pk, first.sequential + 1, "1" * 48)
    _sql(COPIED, other.pk, first.sequential + 1, "1" * 49)


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
