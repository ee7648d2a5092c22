"""What reports add up: every number here is worked out by hand from the rows of `bought`."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvests.models import Delivery, MarketPrice, Season
from harvests.reports import Report, Scope, Span
from harvests.reports.periods import (
    Kind,
    Steps,
    a_year_before,
    around,
    between,
    compared,
    of_season,
)
from harvests.reports.prices import Market
from harvests.reports.report import NO_PARTNER, NOT_NOTED
from harvests.reports.tables import signed_percent
from harvests.rules import FARM_GATE_COST_USD_QQ
from harvests.views.reports import BREAKDOWNS
from kallari.history.context import acting
from kallari.rules.services import add_rule_value
from members.services import families
from tests.harvests import factories as make
from tests.members import factories as register
from tests.people import make_account

TODAY = date(2026, 3, 10)
_number = itertools.count(1)


def bought(form, on, quantity, price="1", *, family, partner=None, **fields):
    """A delivery of earlier records: so many kilos (or pieces) at so much each."""
    number, quantity = next(_number), Decimal(quantity)
    at = datetime(on.year, on.month, on.day, 10, tzinfo=make.GUAYAQUIL)
    is_piece = form.counted == "piece"
    weight = None if is_piece else quantity
    premium = Decimal(fields.pop("premium", 0))
    told = {
        "certification_class": make.CONVENTIONAL,
        "community": family.community,
        "status": "valid",
    } | fields
    return Delivery.objects.create(
        folio=f"TENA-{on.year}-{number:06d}",
        folio_year=on.year,
        folio_number=number,
        family=family,
        partner=partner,
        via="import",
        reference="Cuaderno",
        form=form,
        quantity=quantity,
        unit="piece" if is_piece else "kg",
        gross_kg=weight,
        net_kg=weight,
        unit_price_usd=Decimal(price),
        premium_unit_usd=premium,
        price_unit="piece" if is_piece else "kg",
        amount_usd=(quantity * Decimal(price)).quantize(Decimal("0.01")),
        premium_usd=(quantity * premium).quantize(Decimal("0.01")),
        weighed_at=at,
        received_at=at,
        **told,
    )


@pytest.fixture
def world(db):
    """Two seasons of cocoa; Rosa of Rumi Yaku, Inti of Serena, and a family without a partner."""
    made = make.world()
    made.cacao.place = 10  # cocoa comes first
    with acting(None, reason=register.REASON):
        made.cacao.save()
    made.rumi, made.serena = register.community("Rumi Yaku"), register.community("Serena")
    made.rosa = register.partner(register.person(of=register.family(of=made.rumi)))
    made.inti = register.partner(
        register.person("Andi", "Inti", of=register.family("Andi", of=made.serena), sex="M")
    )
    made.others = register.family("Cerda", of=made.serena)
    made.agent = make_account("extension_agent", username="wilmer")
    made.operator = make_account("center_operator", username="olga")
    made.last = Season.objects.create(
        product=made.cacao, name="2025", starts_on=date(2025, 1, 1), ends_on=date(2025, 6, 30)
    )
    made.season = Season.objects.create(
        product=made.cacao, name="2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30)
    )
    made.here = {"center": made.tena, "agent": made.agent}
    return made


@pytest.fixture
def administration(db):
    return make_account("administration")


def rosa_brings(world, on, kg, price="1", **fields):
    told = {"family": world.rosa.family, "partner": world.rosa, **world.here, **fields}
    return bought(world.baba, on, kg, price, **told)


@pytest.fixture
def deliveries(world):
    """This season to 10 March, the season before to the same day, and what does not count.

    ======= ===== ========== ======== ========= ============ ======= ====== =======
    day     form  who        where    agent     class        kg      USD    premium
    ======= ===== ========== ======== ========= ============ ======= ====== =======
    5 Jan   baba  Rosa       Rumi     wilmer    organic      100.500 80.40  10.05
    10 Mar  baba  Inti       Serena   wilmer    conventional 60      42.00
    9 Feb   seco  no partner Serena   olga      conventional 20      50.00
    (2025)
    5 Jan   baba  Rosa       Rumi     wilmer    organic      80      64.00
    10 Mar  baba  Inti       Serena   wilmer    conventional 40      20.00
    11 Mar  baba  Inti       Serena   wilmer    conventional 999
    ======= ===== ========== ======== ========= ============ ======= ====== =======
    """
    there = {"family": world.inti.family, "partner": world.inti, **world.here}
    rosa_brings(
        world, date(2026, 1, 5), "100.5", "0.8", premium="0.1", certification_class=make.ORGANIC
    )
    bought(world.baba, TODAY, "60", "0.7", **there)
    bought(
        world.seco,
        date(2026, 2, 9),
        "20",
        "2.5",
        family=world.others,
        center=world.tena,
        agent=world.operator,
    )
    rosa_brings(world, date(2025, 1, 5), "80", "0.8", certification_class=make.ORGANIC)
    bought(world.baba, date(2025, 3, 10), "40", "0.5", **there)
    bought(world.baba, date(2025, 3, 11), "999", **there)  # a day later than has come this season
    ended = datetime(2026, 1, 7, tzinfo=make.GUAYAQUIL)
    rosa_brings(world, date(2026, 1, 6), "500", status="voided", ended_at=ended)
    bought(world.hoja, date(2026, 1, 6), "70", **there)  # another product
    return world


@pytest.fixture
def report(deliveries, administration):
    period = of_season(deliveries.season, deliveries.last, TODAY)
    return Report(Scope(administration, product=deliveries.cacao), period)


def kilos(breakdown):
    return {line.label: (line.now.kg, line.before.kg) for line in breakdown.lines}


# --- What is added up ----------------------------------------------------------------------------


def test_a_season_under_way_is_held_against_as_many_days_of_the_one_before(report):
    assert report.period.now == Span(date(2026, 1, 1), TODAY)
    assert report.period.before == Span(date(2025, 1, 1), date(2025, 3, 10))
    now, before = report.total.now, report.total.before
    assert (now.deliveries, now.kg, now.amount_usd, now.premium_usd) == (
        3,
        Decimal("180.500"),
        Decimal("172.40"),
        Decimal("10.05"),
    )
    assert (before.deliveries, before.kg, before.usd) == (2, 120, 84)
    assert (len(now.partners), len(before.partners)) == (2, 2)


def test_every_breakdown_says_what_came_in_now_and_before(report):
    assert kilos(report.by_form) == {"Baba": (Decimal("160.5"), 120), "Seco": (20, 0)}
    assert kilos(report.by_community) == {"Rumi Yaku": (Decimal("100.5"), 80), "Serena": (80, 40)}
    assert kilos(report.by_center) == {"Centro de acopio de Tena": (Decimal("180.5"), 120)}
    assert kilos(report.by_sex) == {
        "Socias": (Decimal("100.5"), 80),
        "Socios": (60, 40),
        "Sin socia o socio": (20, 0),
    }
    assert kilos(report.by_class) == {"Orgánico": (Decimal("100.5"), 80), "Convencional": (80, 40)}
    assert [(line.now.kg, line.now.deliveries) for line in report.by_agent.lines] == [
        (Decimal("160.5"), 2),
        (20, 1),
    ]
    assert [(line.now.kg, line.before.kg) for line in report.by_time.lines] == [
        (Decimal("100.5"), 80),
        (20, 0),
        (60, 40),
        (0, 0),
        (0, 0),
        (0, 0),
    ]
    assert report.without_partner == 1


def test_the_sex_that_nobody_noted_is_said_as_such(world, administration):
    type(world.rosa.person).objects.filter(pk=world.rosa.person_id).update(sex="")
    rosa_brings(world, TODAY, "7")
    bought(world.baba, TODAY, "5", family=world.others, **world.here)
    told = Report(Scope(administration, product=world.cacao), around(Kind.DAY, TODAY, TODAY))
    assert told._by_sex(told.now).keys() == {NOT_NOTED, NO_PARTNER}
    assert kilos(told.by_sex) == {"Sexo sin anotar": (7, 0), "Sin socia o socio": (5, 0)}


def test_pieces_are_counted_and_never_weighed(world, administration):
    bought(
        world.pieza, TODAY, "3", "4.5", family=world.rosa.family, partner=world.rosa, **world.here
    )
    period = around(Kind.MONTH, TODAY, TODAY)
    alone = Report(Scope(administration, product=world.artesania), period)
    assert alone.total.now.figures == (1, Decimal(0), Decimal(3), Decimal("13.50"), Decimal(0))
    assert alone.measure.unit == "unidades"
    rosa_brings(world, TODAY, "7")
    mixed = Report(Scope(administration), period)
    assert mixed.total.now.figures == (2, Decimal(7), Decimal(3), Decimal("20.50"), Decimal(0))
    assert mixed.measure.unit == "USD"  # kilos and pieces do not add up
    delegate = make_account("delegate")
    families.assign_community(actor=None, user=delegate, community=world.rumi)
    assert Report(Scope(delegate), period).measure.unit == "entregas"  # and sees no money


def test_filters_narrow_every_number(deliveries, administration):
    period = of_season(deliveries.season, deliveries.last, TODAY)

    def kg(**narrowed):
        return Report(Scope(administration, **narrowed), period).total.now.kg

    assert kg() == Decimal("250.5")
    assert kg(product=deliveries.guayusa) == 70
    assert kg(form=deliveries.seco) == 20
    assert kg(product=deliveries.cacao, community=deliveries.serena) == 80
    assert kg(center=deliveries.tena) == Decimal("250.5")
    assert kg(center=make.center("AROS", "Arosemena Tola")) == 0


def test_an_agent_adds_up_her_communities_alone(deliveries):
    period = of_season(deliveries.season, deliveries.last, TODAY)
    scope = Scope(deliveries.agent, product=deliveries.cacao)
    assert Report(scope, period).is_empty
    families.assign_community(actor=None, user=deliveries.agent, community=deliveries.rumi)
    assert kilos(Report(scope, period).by_community) == {"Rumi Yaku": (Decimal("100.5"), 80)}


rows = st.lists(
    st.tuples(
        st.sampled_from(["baba", "seco", "hoja", "vaina", "pieza"]),
        st.sampled_from(["rosa", "inti", "others"]),
        st.sampled_from(["agent", "operator"]),
        st.sampled_from([make.ORGANIC, make.TRANSITION, make.CONVENTIONAL]),
        st.integers(0, 400),
        st.integers(1, 500_000),
        st.integers(1, 50_000),
    ),
    max_size=12,
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=rows, kind=st.sampled_from([Kind.WEEK, Kind.MONTH, Kind.SEASON]))
def test_every_breakdown_adds_up_to_the_whole(world, administration, rows, kind):
    with transaction.atomic():
        check_that_it_adds_up(world, administration, rows, kind)
        transaction.set_rollback(True)  # the next example begins without deliveries


def check_that_it_adds_up(world, administration, rows, kind):
    for form, who, agent, certification_class, back, amount, price in rows:
        family = world.others if who == "others" else getattr(world, who).family
        form = getattr(world, form)
        quantity = Decimal(amount) if form.counted == "piece" else Decimal(amount) / 1000
        bought(
            form,
            TODAY - timedelta(days=back),
            quantity,
            Decimal(price) / 10_000,
            family=family,
            partner=None if who == "others" else getattr(world, who),
            center=world.tena,
            agent=getattr(world, agent),
            certification_class=certification_class,
        )
    told = Report(Scope(administration), around(kind, TODAY, TODAY))
    counted = Delivery.objects.filter(weighed_on__range=(told.period.now.first, TODAY))
    assert told.total.now.deliveries == counted.count()
    assert told.total.now.kg == sum((one.net_kg or 0 for one in counted), Decimal(0))
    assert told.total.now.usd == sum((one.total_usd for one in counted), Decimal(0))
    for one in (find(told) for find in BREAKDOWNS.values()):
        assert one.total.now.figures == told.total.now.figures, one.key
        assert one.total.before.figures == told.total.before.figures, one.key
        if one.counts_partners:
            assert one.total.now.partners == told.total.now.partners, one.key


# --- Periods -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day", "now", "before"),
    [
        # 10 March 2026 is a Tuesday.
        (Kind.DAY, TODAY, (TODAY, TODAY), (date(2026, 3, 9), date(2026, 3, 9))),
        (Kind.WEEK, TODAY, (date(2026, 3, 9), TODAY), (date(2026, 3, 2), date(2026, 3, 3))),
        (Kind.MONTH, TODAY, (date(2026, 3, 1), TODAY), (date(2026, 2, 1), date(2026, 2, 10))),
        (
            Kind.MONTH,
            date(2026, 2, 10),
            (date(2026, 2, 1), date(2026, 2, 28)),
            (date(2026, 1, 1), date(2026, 1, 31)),
        ),
        (Kind.SEASON, TODAY, (date(2026, 1, 1), TODAY), (date(2025, 1, 1), date(2025, 3, 10))),
        (
            Kind.SEASON,
            date(2025, 3, 10),
            (date(2025, 1, 1), date(2025, 12, 31)),
            (date(2024, 1, 1), date(2024, 12, 31)),
        ),
    ],
)
def test_a_period_is_held_against_the_one_before(kind, day, now, before):
    told = around(kind, day, TODAY)
    assert (told.now, told.before) == (Span(*now), Span(*before))


def test_any_days_are_held_against_as_many_before_them():
    told = between(date(2026, 2, 1), date(2026, 2, 10), TODAY)
    assert told.before == Span(date(2026, 1, 22), date(2026, 1, 31))


def test_a_great_harvest_is_held_against_the_last_great_one(world):
    small = Season.objects.create(
        product=world.cacao, name="Chica", starts_on=date(2025, 10, 1), ends_on=date(2025, 12, 31)
    )
    seasons = list(Season.objects.order_by("-starts_on"))
    assert a_year_before(seasons, world.season) == world.last
    assert a_year_before(seasons, small) is None
    assert a_year_before(seasons, world.last) is None


def test_the_first_season_is_held_against_the_same_days_a_year_before(world):
    told = of_season(world.last, None, TODAY)
    assert told.before == Span(date(2024, 1, 1), date(2024, 6, 30))


def test_a_short_period_before_is_not_overrun():
    march, february = (
        Span(date(2026, 3, 1), date(2026, 3, 31)),
        Span(date(2026, 2, 1), date(2026, 2, 28)),
    )
    assert compared(march, february, date(2026, 3, 30))[1] == february


def test_steps_are_days_then_weeks_then_months_of_the_period():
    season = Span(date(2025, 12, 15), date(2026, 6, 30))
    months = Steps(season.days)
    assert (months.unit, months.count(season)) == ("month", 7)
    assert months.place(date(2026, 1, 1), season) == 1
    weeks = Steps(100)
    assert (weeks.unit, weeks.place(date(2025, 12, 28), season)) == ("week", 1)
    assert Steps(31).place(date(2025, 12, 28), season) == 13


@pytest.mark.parametrize(
    ("language", "days", "months"),
    [
        ("es", ["1 nov", "2 nov"], ["nov 2026", "dic 2026"]),
        ("en", ["1 Nov", "2 Nov"], ["Nov 2026", "Dec 2026"]),
    ],
)
def test_steps_are_named_as_the_reader_writes_dates(language, days, months):
    span = Span(date(2026, 11, 1), date(2026, 12, 31))
    with override(language):
        assert Steps(2).labels(span, 2) == days
        assert Steps(365).labels(span, 2) == months


# --- Dry -----------------------------------------------------------------------------------------


def test_wet_kilos_are_expected_dry_by_the_yield_of_their_day(deliveries, report):
    """160.5 kg of baba × 0.390, between × 0.330 and × 0.450 (REFERENCE); dry beans are no part."""
    (row,) = report.drying
    assert (row.kg, row.expected_kg) == (Decimal("160.5"), Decimal("62.595"))
    assert (row.least_kg, row.most_kg) == (Decimal("52.965"), Decimal("72.225"))
    assert row.sources == ["Práctica de la región"]
    assert not row.is_confirmed


def test_a_later_yield_holds_from_its_day_on(deliveries, report):
    """100.5 × 0.390 + 60 × 0.400 = 39.195 + 24."""
    make.figure("dry_yield", "0.400", of=deliveries.baba, valid_from=TODAY, confirmed=True)
    (row,) = report.drying
    assert row.expected_kg == Decimal("63.195")
    assert [one.value for one in row.yields] == [Decimal("0.39"), Decimal("0.4")]


# --- Prices --------------------------------------------------------------------------------------


def market(product, on, usd_per_tonne):
    return MarketPrice.objects.create(
        product=product, day=on, usd_per_tonne=Decimal(usd_per_tonne), source="Bolsa de Nueva York"
    )


def test_a_market_price_becomes_one_at_the_farm_gate_by_the_formula(world):
    """(3226 − 700) / 22.0462 − 13: 2526 × 0.045359237 = 114.5774, less 13. The press had 99.89,
    with 15 for the way to the port."""
    market(world.cacao, date(2026, 2, 1), "3226")
    told = Market(world.cacao, date(2026, 2, 1), TODAY).reference(TODAY)
    assert told is not None
    assert told.quantize(Decimal("0.01")) == Decimal("101.58")


def test_a_market_price_of_another_season_says_nothing_of_today(world):
    market(world.cacao, TODAY - timedelta(days=46), "3226")
    assert Market(world.cacao, TODAY, TODAY).reference(TODAY) is None
    market(world.cacao, TODAY - timedelta(days=45), "3226")
    assert Market(world.cacao, TODAY, TODAY).reference(TODAY) is not None


def test_what_was_paid_is_weighed_on_dry_cocoa(deliveries, report):
    """Dry: 160.5 × 0.390 + 20 = 82.595 kg. Paid with premiums: 182.45 USD, so 2.20897 USD/kg,
    and × 45.359237 = 100.197 USD/qq."""
    cocoa = report.cocoa
    assert cocoa is not None
    assert cocoa.now.kg == Decimal("82.595")
    assert cocoa.now.usd == Decimal("182.45")
    assert cocoa.now.per_kg.quantize(Decimal("0.00001")) == Decimal("2.20897")
    assert cocoa.now.per_qq.quantize(Decimal("0.001")) == Decimal("100.197")


def test_market_and_floor_are_weighed_by_the_kilos_of_their_days(deliveries, report):
    """In January 3226 USD/t (101.5774 USD/qq) for 39.195 dry kg, in February and March 2000
    ((2000 − 700) / 22.0462 − 13 = 45.9672) for 20 + 23.4: together (39.195 × 101.5774 + 43.4 ×
    45.9672) / 82.595 = 72.3566. The floor of all days is 2,400: 1700 / 22.0462 − 13 = 64.1109."""
    market(deliveries.cacao, date(2026, 1, 1), "3226")
    market(deliveries.cacao, date(2026, 2, 1), "2000")
    cocoa = report.cocoa
    assert cocoa is not None
    cent = Decimal("0.01")
    assert cocoa.steps[0].market_per_qq.quantize(cent) == Decimal("101.58")
    assert cocoa.steps[1].market_per_qq.quantize(cent) == Decimal("45.97")
    assert cocoa.now.market_per_qq.quantize(cent) == Decimal("72.36")
    assert cocoa.now.floor_per_qq.quantize(cent) == Decimal("64.11")
    # 100.197 / 72.3566 − 1 = 38.5 %
    assert round(cocoa.now.above_market_percent, 1) == Decimal("38.5")
    assert not cocoa.unknown


def test_days_before_the_first_market_price_are_left_out_of_the_comparison(deliveries, report):
    market(deliveries.cacao, date(2026, 2, 1), "2000")
    cocoa = report.cocoa
    assert cocoa is not None
    assert cocoa.now.market_kg == Decimal("43.4")
    assert cocoa.unknown


def test_the_costs_are_those_of_the_day(world):
    add_rule_value(
        actor=None,
        rule=FARM_GATE_COST_USD_QQ,
        value=Decimal(15),
        valid_from=TODAY,
        source="Acta",
        confirmed=True,
    )
    market(world.cacao, date(2026, 3, 1), "3226")
    told = Market(world.cacao, date(2026, 3, 1), TODAY)
    before, after = told.reference(TODAY - timedelta(days=1)), told.reference(TODAY)
    assert before is not None
    assert after is not None
    assert before - after == 2


def test_a_percentage_has_the_sign_of_what_is_written() -> None:
    with override("es"):
        told = [signed_percent(Decimal(one)) for one in ("0.05", "0.04", "-0.04", "-0.05")]
    assert told == ["+0,1\u00a0%", "0,0\u00a0%", "0,0\u00a0%", "−0,1\u00a0%"]
