"""What allies gave, and what it paid for: never more than there was."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kallari.currencies import ISO_4217, rounded_usd
from members.models import Agreement, ContributionUse
from members.services import allies as services
from members.services import gatherings
from tests.members.factories import REASON, ally, contribution, gathering, handed_out

pytestmark = pytest.mark.time_machine("2026-11-23T15:00:00+00:00")

DAY = date(2026, 4, 1)


def use(of, amount, **fields):
    told: dict[str, Any] = {"used_on": DAY, "purpose": "Jornales"} | fields
    return services.use_contribution(
        actor=None, contribution=of, amount_usd=Decimal(amount), **told
    )


def code(caught):
    return next(iter(caught.value.error_dict.values()))[0].code


@pytest.mark.django_db
def test_the_uses_of_a_contribution_never_exceed_it():
    given_ = contribution(amount="100.00")
    use(given_, "60.00")
    with pytest.raises(ValidationError) as caught:
        use(given_, "40.01")
    assert code(caught) == "not_enough_left"
    use(given_, "40.00")
    assert services.used_of(given_) == Decimal("100.00")


@pytest.mark.django_db
def test_the_database_holds_it_too():
    given_ = contribution(amount="100.00")
    use(given_, "60.00")
    with pytest.raises(IntegrityError, match="exceed"), transaction.atomic():
        ContributionUse(
            contribution=given_, used_on=DAY, amount_usd=Decimal("40.01"), purpose="x"
        ).save()
    with (
        pytest.raises(IntegrityError, match="exceed"),
        transaction.atomic(),
        connection.cursor() as sql,
    ):
        sql.execute("UPDATE members_contribution SET amount = 59.99, value_usd = 59.99")


@pytest.mark.django_db
def test_a_correction_leaves_what_was_used():
    given_ = contribution(amount="100.00")
    use(given_, "60.00")
    correct = {"actor": None, "contribution": given_, "reason": REASON}
    with pytest.raises(ValidationError) as caught:
        services.correct_contribution(**correct, amount=Decimal("59.99"))
    assert code(caught) == "less_than_used"
    assert services.correct_contribution(**correct, amount=Decimal("60.00")).value_usd == 60


@pytest.mark.django_db
def test_what_is_taken_back_is_free_again():
    given_ = contribution(amount="100.00")
    services.take_back_use(actor=None, use=use(given_, "100.00"), reason=REASON)
    use(given_, "100.00")
    assert ContributionUse.history.filter(history_type="-").get().history_change_reason == REASON


@pytest.mark.django_db
def test_another_currency_is_valued_at_the_rate_that_was_used():
    made = contribution(
        amount="1234.56", currency="EUR", usd_rate=Decimal("1.0837"), valued_by="Banco"
    )
    assert made.value_usd == Decimal("1337.89")  # 1234.56 × 1.0837 = 1337.892672


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"usd_rate": Decimal("1.1")}, {"usd_rate": Decimal(1)}),  # a dollar is a dollar
        (
            {"currency": "EUR", "usd_rate": Decimal("1.1")},  # without the rate's source
            {"currency": "EUR", "usd_rate": Decimal("1.1"), "valued_by": "Banco"},
        ),
        ({"currency": "ABC", "valued_by": "?"}, {"currency": "CAD", "valued_by": "Banco"}),
        ({"received_on": date(2026, 11, 24)}, {"received_on": date(2026, 11, 23)}),
        ({"amount": "0"}, {"amount": "0.01"}),
    ],
)
def test_a_contribution_is_refused_or_taken(wrong, right):
    fecd = ally()
    with pytest.raises(ValidationError):
        contribution(fecd, **wrong)
    contribution(fecd, **right)


@pytest.mark.django_db
def test_an_agreement_is_with_the_same_ally():
    fao, giz = ally("FAO"), ally("GIZ")
    signed = services.sign_agreement(
        actor=None, ally=fao, title="Chakra", starts_on=date(2026, 1, 1)
    )
    with pytest.raises(ValidationError) as caught:
        contribution(giz, agreement=signed)
    assert code(caught) == "other_ally"
    contribution(fao, agreement=signed)


@pytest.mark.django_db
def test_a_use_names_one_thing_that_counts():
    fao, giz = ally("FAO"), ally("GIZ")
    given_ = contribution(fao)
    theirs, others = gathering(ally=fao), gathering(ally=giz)
    with pytest.raises(ValidationError) as caught:
        use(given_, "1", gathering=others)
    assert code(caught) == "other_ally"
    with pytest.raises(ValidationError):
        use(given_, "1", gathering=theirs, distribution=handed_out())
    with pytest.raises(ValidationError):
        use(given_, "1", purpose="")
    use(given_, "1", gathering=theirs, purpose="")
    with pytest.raises(ValidationError) as caught:
        gatherings.cancel_gathering(actor=None, gathering=theirs, reason=REASON)
    assert caught.value.code == "paid_for"


@pytest.mark.django_db
def test_agreements_that_end_soon_are_found():
    fecd = ally()
    for title, ends_on in [
        ("vencido", date(2026, 11, 22)),
        ("hoy", date(2026, 11, 23)),
        ("en 30 días", date(2026, 12, 23)),
        ("en 31 días", date(2026, 12, 24)),
        ("sin fin", None),
    ]:
        services.sign_agreement(
            actor=None, ally=fecd, title=title, starts_on=date(2025, 1, 1), ends_on=ends_on
        )
    assert [one.title for one in Agreement.objects.expiring(date(2026, 11, 23), within=30)] == [
        "hoy",
        "en 30 días",
    ]


@pytest.mark.django_db
@settings(
    max_examples=25,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    amount=st.decimals("0.01", "99999999.99", places=2),
    rate=st.decimals("0.000001", "9999.999999", places=6),
)
def test_python_and_postgresql_round_alike(amount, rate):
    with connection.cursor() as cursor:
        cursor.execute("SELECT round(%s * %s, 2)", [amount, rate])
        assert cursor.fetchone()[0] == rounded_usd(amount * rate)


def test_currencies_are_those_of_iso_4217():
    assert {"USD", "EUR", "CAD", "CHF", "GBP", "SEK", "JPY", "CZK", "AUD"} <= ISO_4217
    assert all(len(one) == 3 for one in ISO_4217)


# --- At the same time ---------------------------------------------------------------------------


def two_uses_at_once(of, amount):
    """Both have read what is left before either writes, where nothing keeps them apart."""
    barrier = threading.Barrier(2)
    refused = []

    def act():
        try:
            barrier.wait(timeout=10)
            use(of, amount)
        except (ValidationError, IntegrityError) as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return refused


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_once_the_second_sees_the_first():
    given_ = contribution(amount="100.00")
    refused = two_uses_at_once(given_, "60.00")
    assert [next(iter(error.error_dict)) for error in refused] == ["amount_usd"]
    assert services.used_of(given_) == Decimal("60.00")


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_trigger_both_would_be_written(monkeypatch):
    """The twin: what the lock and the trigger are for."""
    given_ = contribution(amount="100.00")
    both_have_read = threading.Barrier(2)
    real = services.used_of

    def used_of(contribution):
        used = real(contribution)
        both_have_read.wait(timeout=10)
        return used

    monkeypatch.setattr(services, "locked", lambda row: type(row).objects.get(pk=row.pk))
    monkeypatch.setattr(services, "used_of", used_of)
    with connection.cursor() as sql:
        sql.execute("ALTER TABLE members_contributionuse DISABLE TRIGGER USER")
    try:
        assert two_uses_at_once(given_, "60.00") == []
        assert real(given_) == Decimal("120.00")
    finally:
        with connection.cursor() as sql:
            sql.execute("ALTER TABLE members_contributionuse ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
def test_the_trigger_alone_keeps_them_apart(monkeypatch):
    given_ = contribution(amount="100.00")
    monkeypatch.setattr(services, "locked", lambda row: type(row).objects.get(pk=row.pk))
    both_have_read = threading.Barrier(2)
    real = services.used_of

    def used_of(contribution):
        used = real(contribution)
        both_have_read.wait(timeout=10)
        return used

    monkeypatch.setattr(services, "used_of", used_of)
    assert [type(error) for error in two_uses_at_once(given_, "60.00")] == [IntegrityError]
    assert real(given_) == Decimal("60.00")
