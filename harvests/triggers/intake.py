"""What the database itself refuses, beyond what a constraint can say."""

from __future__ import annotations

import pgtrigger
from django.utils.translation import gettext_lazy as _

from kallari.refusals import explain

explain(
    "shares_add_up",
    _("Las partes de las chakras no suman todo lo entregado."),
    code="shares_do_not_add_up",
)
explain(
    "a_published_price_stays",
    _("Una lista publicada no cambia. Haga otra y publíquela."),
    code="published",
)
explain(
    "a_center_keeps_its_code",
    _("El código de un centro no cambia: con él comienzan sus folios."),
    code="code_stays",
)


def a_published_list_stays() -> pgtrigger.Trigger:
    """A price list that values deliveries never changes again."""
    return pgtrigger.Trigger(
        name="a_published_list_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.published_at IS NOT NULL"),
        func="""
            IF NEW IS DISTINCT FROM OLD THEN
                RAISE EXCEPTION 'a published price list stays as it is'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_published_price_stays';
            END IF;
            RETURN NEW;
        """,
    )


def a_published_line_stays() -> pgtrigger.Trigger:
    """No line is added to, changed in or taken from a published list."""
    return pgtrigger.Trigger(
        name="a_published_line_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("lists", "bigint[]")],
        func="""
            IF TG_OP = 'INSERT' THEN
                lists := ARRAY[NEW.price_list_id];
            ELSIF TG_OP = 'DELETE' THEN
                lists := ARRAY[OLD.price_list_id];
            ELSE
                lists := ARRAY[OLD.price_list_id, NEW.price_list_id];
            END IF;
            PERFORM 1 FROM harvests_pricelist WHERE id = ANY (lists) FOR SHARE;
            IF EXISTS (SELECT 1 FROM harvests_pricelist
                       WHERE id = ANY (lists) AND published_at IS NOT NULL) THEN
                RAISE EXCEPTION 'a published price list stays as it is'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_published_price_stays';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,
    )


def a_delivery_stays_as_it_was_weighed() -> pgtrigger.Trigger:
    """Of a delivery one thing changes, once: that it no longer counts."""
    return pgtrigger.Trigger(
        name="a_delivery_stays_as_it_was_weighed",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF OLD.status <> 'valid'
               OR (to_jsonb(NEW) - ARRAY['status', 'ended_at', 'weighed_on'])
                  IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'ended_at', 'weighed_on']) THEN
                RAISE EXCEPTION '% is append-only: a delivery is superseded or voided',
                                TG_TABLE_NAME;
            END IF;
            RETURN NEW;
        """,
    )


def shares_add_up() -> pgtrigger.Trigger:
    """The shares of a delivery are written together, bear its day, and add up to its kilos to the
    gram."""
    return pgtrigger.Trigger(
        name="shares_add_up",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),
        func="""
            IF EXISTS (
                SELECT 1
                FROM (SELECT delivery_id, sum(net_kg) AS net_kg, sum(share) AS share,
                             min(weighed_on) AS first_on, max(weighed_on) AS last_on
                      FROM harvests_deliveryshare
                      WHERE delivery_id IN (SELECT delivery_id FROM written)
                      GROUP BY delivery_id) shared
                JOIN harvests_delivery delivery ON delivery.id = shared.delivery_id
                WHERE shared.net_kg IS DISTINCT FROM delivery.net_kg
                   OR shared.share <> 1
                   OR shared.first_on <> delivery.weighed_on
                   OR shared.last_on <> delivery.weighed_on
            ) THEN
                RAISE EXCEPTION 'the shares do not add up to the delivery'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_add_up';
            END IF;
            RETURN NULL;
        """,
    )


def what_was_sent_stays() -> pgtrigger.Trigger:
    """What a telephone sent is kept as it came; only what became of it is written beside it."""
    return pgtrigger.Trigger(
        name="what_was_sent_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(
            "op_id",
            "entity",
            "entity_id",
            "action",
            "digest",
            "raw",
            "user_id",
            "device_id",
            "device_seq",
            "received_at",
        ),
        func="RAISE EXCEPTION '% is append-only: what was sent stays', TG_TABLE_NAME;",
    )


def what_became_of_it_stays() -> pgtrigger.Trigger:
    """An operation that made a delivery, or was one that was made, never says otherwise."""
    return pgtrigger.Trigger(
        name="what_became_of_it_stays",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("result", "folio"),
        condition=pgtrigger.Condition(
            "OLD.result IN ('created', 'duplicate')"
            " AND (NEW.result, NEW.folio) IS DISTINCT FROM (OLD.result, OLD.folio)"
        ),
        func="RAISE EXCEPTION '% is append-only: what was answered stays', TG_TABLE_NAME;",
    )


def folios_count_on() -> pgtrigger.Trigger:
    """A series of folios never goes back: a number would be given twice."""
    return pgtrigger.Trigger(
        name="folios_count_on",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "NEW.last < OLD.last OR (NEW.center_id, NEW.year) <> (OLD.center_id, OLD.year)"
        ),
        func="RAISE EXCEPTION '% is append-only: folios count on', TG_TABLE_NAME;",
    )


def a_center_keeps_its_code() -> pgtrigger.Trigger:
    """The code begins the folios on receipts that families hold."""
    return pgtrigger.Trigger(
        name="a_center_keeps_its_code",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("code"),
        condition=pgtrigger.Condition("NEW.code <> OLD.code"),
        func="""
            RAISE EXCEPTION 'the code of a collection center never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_center_keeps_its_code';
        """,
    )
