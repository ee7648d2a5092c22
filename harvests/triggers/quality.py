"""What the database refuses of tests, grades and results of laboratories."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from harvests.triggers.refusing import refuse
from kallari.refusals import explain

explain(
    "a_published_table_stays",
    _("Una tabla publicada no cambia: con ella se calificó. Haga otra edición y publíquela."),
    code="published",
)
explain(
    "beans_are_about_a_hundred",
    _("No son cien granos: cuéntelos otra vez."),
    code="not_a_hundred",
)
explain(
    "an_odd_count_has_a_note",
    _("No son cien granos: escriba en la nota por qué."),
    code="note_required",
)
explain(
    "a_grade_is_of_the_table_in_force",
    _("Ese grado no es de una tabla publicada para ese producto."),
    code="other_table",
)
explain(
    "a_grade_holds_its_limits",
    _("La muestra no llega a ese grado."),
    code="grade_too_high",
)
explain(
    "a_correction_is_of_the_same",
    _("La prueba que se corrige es de otro lote, proceso o entrega."),
    code="other_subject",
)


_STAYS = refuse("a_published_table_stays", "a published table of grades stays as it is")


def a_published_edition_stays() -> pgtrigger.Trigger:
    """Of a table that may have graded something one thing changes: that somebody answers for it."""
    return pgtrigger.Trigger(
        name="a_published_edition_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.published_at IS NOT NULL"),
        func=f"""
            IF (to_jsonb(NEW) - 'confirmed') IS DISTINCT FROM (to_jsonb(OLD) - 'confirmed')
               OR (OLD.confirmed AND NOT NEW.confirmed) THEN
                {_STAYS}
            END IF;
            RETURN NEW;
        """,
    )


def a_published_grade_stays() -> pgtrigger.Trigger:
    """No grade is added to, changed in or taken from a published table."""
    return pgtrigger.Trigger(
        name="a_published_grade_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("tables", "bigint[]")],
        func=f"""
            IF TG_OP = 'INSERT' THEN
                tables := ARRAY[NEW.edition_id];
            ELSIF TG_OP = 'DELETE' THEN
                tables := ARRAY[OLD.edition_id];
            ELSE
                tables := ARRAY[OLD.edition_id, NEW.edition_id];
            END IF;
            PERFORM 1 FROM harvests_gradeedition WHERE id = ANY (tables) FOR SHARE;
            IF EXISTS (SELECT 1 FROM harvests_gradeedition
                       WHERE id = ANY (tables) AND published_at IS NOT NULL) THEN
                {_STAYS}
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,
    )


def beans_are_about_a_hundred() -> pgtrigger.Trigger:
    """A cut test is of a hundred beans: a few more or less ask for a note, many are refused. How
    many, the rules of the day say."""
    apart = "(kallari_rule_value('{}', (NEW.tested_at AT TIME ZONE 'America/Guayaquil')::date))"
    asked = apart.format("quality.beans_apart_noted")
    most = apart.format("quality.beans_apart_most")
    return pgtrigger.Trigger(
        name="beans_are_about_a_hundred",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.beans_counted IS NOT NULL"),
        func=f"""
            IF abs(NEW.beans_counted - 100) > {most}::text::int THEN
                {refuse("beans_are_about_a_hundred", "a cut test is of about a hundred beans")}
            END IF;
            IF NEW.note !~ '\\S' AND abs(NEW.beans_counted - 100) > {asked}::text::int THEN
                {refuse("an_odd_count_has_a_note", "a count that is not a hundred has a note")}
            END IF;
            RETURN NEW;
        """,
    )


def a_test_is_graded_by_its_table() -> pgtrigger.Trigger:
    """The grade of a test is one of a published table, of the product that was tested, and the
    beans that were counted hold each of its limits."""
    return pgtrigger.Trigger(
        name="a_test_is_graded_by_its_table",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.edition_id IS NOT NULL"),
        declare=[("told", "harvests_grade"), ("counted", "numeric"), ("product", "bigint")],
        func=f"""
            SELECT form.product_id INTO product
            FROM harvests_productform form
            WHERE form.id = coalesce(
                (SELECT form_id FROM harvests_lot WHERE id = NEW.lot_id),
                (SELECT form_id FROM harvests_delivery WHERE id = NEW.delivery_id)
            );
            IF NOT EXISTS (
                SELECT 1 FROM harvests_gradeedition
                WHERE id = NEW.edition_id AND published_at IS NOT NULL
                  AND product_id = coalesce(product, product_id)
            ) THEN
                {refuse("a_grade_is_of_the_table_in_force", "no published table of that product")}
            END IF;
            IF NEW.grade_id IS NULL THEN
                RETURN NEW;
            END IF;
            SELECT * INTO told FROM harvests_grade WHERE id = NEW.grade_id;
            IF told.edition_id <> NEW.edition_id THEN
                {refuse("a_grade_is_of_the_table_in_force", "a grade of another table")}
            END IF;
            counted := NEW.beans_counted / 100.0;
            IF coalesce(NEW.beans_weight_g, 10000.0 / NEW.beans_per_100g) < told.weight_min_g
               OR (told.weight_min_g IS NOT NULL
                   AND coalesce(NEW.beans_weight_g, NEW.beans_per_100g) IS NULL)
               OR NEW.well_fermented < told.well_fermented_min * counted
               OR NEW.well_fermented + NEW.slightly_fermented < told.fermented_min * counted
               OR NEW.violet > told.violet_max * counted
               OR NEW.slaty > told.slaty_max * counted
               OR NEW.mouldy > told.mouldy_max * counted THEN
                {refuse("a_grade_holds_its_limits", "the beans do not hold the limits")}
            END IF;
            RETURN NEW;
        """,
    )


def a_correction_is_of_the_same(table: str, subject: str) -> pgtrigger.Trigger:
    """What takes the place of a row of `table` speaks of the same thing.

    Args:
        subject: the columns that say of what a row is.
    """
    columns = [one.strip() for one in subject.split(",")]
    old = ", ".join(f"first.{one}" for one in columns)
    new = ", ".join(f"NEW.{one}" for one in columns)
    return pgtrigger.Trigger(
        name="a_correction_is_of_the_same",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.replaces_id IS NOT NULL"),
        func=f"""
            IF EXISTS (SELECT 1 FROM {table} first
                       WHERE first.id = NEW.replaces_id
                         AND ({old}) IS DISTINCT FROM ({new})) THEN
                {refuse("a_correction_is_of_the_same", "what is corrected is of something else")}
            END IF;
            RETURN NEW;
        """,
    )
