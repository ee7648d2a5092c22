"""What is bought, in which forms and qualities, where, and in which seasons."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from harvests.models import FormFigure, Product, ProductForm, Quality, Variety
from harvests.services import catalog as services
from harvests.services.usual_catalog import add_usual_catalog
from tests.harvests import factories
from tests.harvests.refusals import refused

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)


def test_the_usual_catalogue_says_of_each_figure_where_it_comes_from():
    # Figures of REFERENCE.md: "Cocoa, guayusa, vanilla"; vanilla's months of FACTS.md.
    add_usual_catalog(actor=None)
    figures = {
        (form.code, kind): value
        for (pk, kind), value in FormFigure.objects.on(TODAY).items()
        for form in ProductForm.objects.filter(pk=pk)
    }
    assert figures == {
        ("baba", "late_days"): 7,
        ("baba", "dry_yield"): Decimal("0.390"),
        ("baba", "dry_yield_low"): Decimal("0.330"),
        ("baba", "dry_yield_high"): Decimal("0.450"),
        ("seco", "late_days"): 90,
        ("hoja", "dry_yield"): Decimal("0.33"),
        ("hoja", "dry_yield_low"): Decimal("0.25"),
        ("hoja", "dry_yield_high"): Decimal("0.45"),
        ("vaina", "ripe_months"): 8,
        ("vaina", "dry_yield"): Decimal("0.222"),
    }
    assert not FormFigure.objects.filter(source="").exists()
    assert not FormFigure.objects.filter(confirmed=True).exists()


def test_every_form_of_the_usual_catalogue_has_one_usual_quality():
    add_usual_catalog(actor=None)
    usual = Quality.objects.filter(is_default=True).values_list("form__code", flat=True)
    assert sorted(usual) == sorted(ProductForm.objects.values_list("code", flat=True))


def test_the_usual_catalogue_entered_again_changes_nothing():
    add_usual_catalog(actor=None)
    baba = ProductForm.objects.get(code="baba")
    services.correct_form(actor=None, form=baba, name="Baba fresca", reason="Así se dice.")
    models = (Product, ProductForm, Variety, Quality, FormFigure)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    add_usual_catalog(actor=None)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_the_usual_catalogue_completes_one_that_was_begun():
    world = factories.world()
    add_usual_catalog(actor=None)
    assert Product.objects.filter(code="cafe").exists()
    assert ProductForm.objects.get(code="hoja").pk == world.hoja.pk


def test_a_code_stays_and_so_does_how_a_form_is_counted():
    world = factories.world()
    with pytest.raises(TypeError):
        services.correct_form(actor=None, form=world.baba, code="otra", reason="No.")
    with pytest.raises(TypeError):
        services.correct_form(actor=None, form=world.baba, counted="piece", reason="No.")
    with pytest.raises(ValidationError, match="no se pesa"):
        services.correct_form(actor=None, form=world.baba, unit="piece", reason="No.")


def test_what_is_given_up_is_given_up_from_a_day_that_has_come():
    world = factories.world()
    today = timezone.localdate()
    for correct, row in (
        (services.correct_product, {"product": world.artesania}),
        (services.correct_form, {"form": world.pieza}),
        (services.correct_variety, {"variety": world.ccn51}),
        (services.correct_quality, {"quality": world.segunda}),
    ):
        told: dict[str, Any] = {"actor": None, "reason": "Ya no.", **row}
        with refused("in_the_future"):
            correct(**told, retired_on=today + timedelta(days=1))
        assert correct(**told, retired_on=today).retired_on == today


def test_a_form_has_one_usual_quality_and_it_can_pass_to_another():
    world = factories.world()
    with pytest.raises(ValidationError, match="ya tiene una calidad usual"):
        factories.quality("baba-tercera", "Tercera", of=world.baba)
    services.correct_quality(
        actor=None, quality=world.segunda, is_default=True, reason="Es la más común."
    )
    assert Quality.objects.get(form=world.baba, is_default=True) == world.segunda
    assert "Es la más común." in str(
        Quality.history.filter(id=world.primera.pk).latest("history_id").history_change_reason
    )


def test_a_day_belongs_to_one_season_of_a_product_at_most():
    world = factories.world()
    main: dict[str, Any] = {
        "name": "Principal 2026",
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2026, 6, 30),
    }
    season = services.add_season(actor=None, product=world.cacao, **main)
    later: dict[str, Any] = {
        "name": "Mitaca",
        "starts_on": date(2026, 6, 30),
        "ends_on": date(2026, 9, 30),
    }
    with refused("overlapping"):
        services.add_season(actor=None, product=world.cacao, **later)
    services.add_season(actor=None, product=world.guayusa, **later)
    services.correct_season(
        actor=None, season=season, ends_on=date(2026, 6, 29), reason="Termina antes."
    )
    services.add_season(actor=None, product=world.cacao, **later)


@pytest.mark.parametrize(
    ("kind", "wrong", "code", "right"),
    [
        ("late_days", "7.5", "whole_number", "7"),
        ("ripe_months", "8.5", "whole_number", "8"),
        ("dry_yield", "1.01", "above_one", "1"),
    ],
)
def test_a_figure_is_possible(kind, wrong, code, right):
    form = factories.product_form()
    with refused(code):
        factories.figure(kind, wrong, of=form)
    assert factories.figure(kind, right, of=form).value == Decimal(right)


def test_a_figure_without_a_source_is_refused():
    form = factories.product_form()
    with pytest.raises(ValidationError):
        factories.figure("late_days", "7", of=form, source=" ")


def test_a_figure_changes_from_a_day_on():
    form = factories.product_form()
    factories.figure("late_days", "7", of=form)
    factories.figure("late_days", "5", of=form, valid_from=date(2026, 4, 1))
    assert FormFigure.objects.on(date(2026, 3, 31)) == {(form.pk, "late_days"): 7}
    assert FormFigure.objects.on(date(2026, 4, 1)) == {(form.pk, "late_days"): 5}
