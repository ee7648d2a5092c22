"""What is found in samples, by which table it is graded, and what laboratories report."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from harvests.models import Grade, GradeEdition, LabResult, QualityTest, Variety
from harvests.rules import BEANS_APART_MOST
from harvests.services import batches, grade_tables, quality
from harvests.services.quality import samples
from harvests.services.usual_grades import add_usual_grades
from kallari.refusals import in_words
from kallari.rules.services import add_rule_value
from members.services.locks import next_number
from tests.files.samples import HTML, OFFICE, PDF, PROGRAM, SVG, picture
from tests.harvests import handed_in, works
from tests.harvests.refusals import refused
from tests.harvests.tests_of_quality import ASSS, cadmium, newer, noted, tasted
from tests.members.factories import community, family
from tests.people import make_account

pytestmark = pytest.mark.django_db
WHY = "Se contó mal el tablero."


@pytest.fixture
def world():
    return tasted()


def _sql(statement, *params):
    """A statement behind the application's back; what it is refused with, in words."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
    return in_words(refusal.value).code


def _copied(of, **columns):
    """An INSERT of a copy of a test with other values, by SQL."""
    row: dict[str, Any] = {
        str(field.column): getattr(of, field.attname)
        for field in QualityTest._meta.concrete_fields
        if field.column not in ("id", "number", "below")
    } | {"number": 900_001, "below": "[]"}
    row |= columns
    names = ", ".join(row)
    places = ", ".join(["%s"] * len(row))
    return (
        f"INSERT INTO harvests_qualitytest (id, {names})"  # noqa: S608 - names of columns
        f" VALUES (gen_random_uuid(), {places})",
        *row.values(),
    )


# --- Grades --------------------------------------------------------------------------------------


def test_a_test_keeps_its_grade_its_table_and_why_it_is_not_better(world):
    test = noted(world)
    test.refresh_from_db()
    assert (test.code, str(test.grade), test.edition) == ("Q-00001", "ASSS", world.table)
    assert test.beans_counted == 100
    assert test.tested_by == world.operator
    found = {(one.what.value, str(one.has), str(one.limit)) for one in test.shortfalls}
    assert found == {
        ("weight", "131.50", "135.00"),
        ("well_fermented", "68.00", "75.0"),
        ("fermented", "78.00", "85.0"),
        ("violet", "14.00", "10.0"),
        ("slaty", "7.00", "4.0"),
    }
    assert {one.grade for one in test.shortfalls} == {"ASSPS"}


def test_no_grade_is_given_for_what_is_below_the_table(world):
    test = noted(world, well_fermented=38, violet=44)
    assert test.grade is None
    assert test.edition == world.table
    assert {one.grade for one in test.shortfalls} == {"ASSPS", "ASSS", "ASS", "ASN", "ASE"}


def test_what_nobody_weighed_is_not_graded_yet_and_not_below_the_table(world):
    unweighed = noted(world, beans_weight_g=None)
    too_light = noted(world, beans_weight_g=Decimal("104.99"))
    violet = noted(world, beans_weight_g=None, well_fermented=38, violet=44)
    for one in (unweighed, too_light, violet):
        one.refresh_from_db()
        assert (one.grade, one.edition) == (None, world.table)
    assert [one.lacks_weight for one in (unweighed, too_light, violet)] == [True, False, False]
    assert set(QualityTest.objects.ungraded()) == {unweighed}
    assert set(QualityTest.objects.below_the_table()) == {too_light, violet}
    better = quality.replace_quality_test(
        actor=None, test=unweighed, why="Se pesó después.", beans_weight_g=Decimal("131.50")
    )
    assert (str(better.grade), better.lacks_weight) == ("ASSS", False)


def test_a_newer_table_never_changes_what_was_graded(world):
    test = noted(world)
    table = newer(world)
    test.refresh_from_db()
    assert (str(test.grade), test.edition) == ("ASSS", world.table)
    assert noted(world).edition == table  # of today
    before = noted(world, tested_at=timezone.now() - timedelta(days=2))
    assert before.edition == world.table  # noted today, tested before it was in force


def test_a_correction_is_graded_by_the_table_of_the_first(world):
    test = noted(world)
    newer(world)
    better = quality.replace_quality_test(
        actor=world.operator, test=test, why=WHY, well_fermented=58, violet=24
    )
    # 58 + 10 fermented, 24 violet: ASS asks 60 and takes 21; ASN asks 44 and 54 and takes 25.
    assert (str(better.grade), better.edition) == ("ASN", world.table)
    assert (better.slaty, better.beans_weight_g) == (7, Decimal("131.50"))
    assert (better.replaces, better.why) == (test, WHY)
    test.refresh_from_db()
    assert (str(test.grade), test.is_replaced) == ("ASSS", True)
    assert list(QualityTest.objects.standing()) == [better]
    with refused("replaced"):
        quality.replace_quality_test(actor=None, test=test, why=WHY)
    with refused("reason_required"):
        quality.replace_quality_test(actor=None, test=better, why=" ")


def test_a_correction_may_tell_the_cut_that_was_forgotten(world):
    wet = quality.note_quality_test(actor=None, lot=world.lot, moisture_percent=Decimal("7.0"))
    better = quality.replace_quality_test(actor=None, test=wet, why="Faltó el corte.", **ASSS)
    assert (str(better.grade), better.moisture_percent) == ("ASSS", Decimal("7.0"))
    fewer = quality.replace_quality_test(actor=None, test=better, why="Uno menos.", violet=13)
    assert fewer.beans_counted == 99


def test_grading_anew_is_asked_for_and_leaves_the_first_grade(world):
    test = noted(world)
    with refused("same_table"):
        quality.regrade_quality_test(actor=None, test=test, why="Lo pide el comprador.")
    table = newer(world)
    with refused("reason_required"):
        quality.regrade_quality_test(actor=None, test=test, why="")
    again = quality.regrade_quality_test(actor=None, test=test, why="Lo pide el comprador.")
    assert (str(again.grade), again.edition, again.tested_at) == ("1", table, test.tested_at)
    test.refresh_from_db()
    assert (str(test.grade), test.edition) == ("ASSS", world.table)


def test_what_nobody_cut_is_not_graded_anew(world):
    test = quality.note_quality_test(actor=None, lot=world.lot, moisture_percent=Decimal("7.0"))
    assert (test.grade, test.edition, test.cut) == (None, None, None)
    newer(world)
    with refused("no_cut"):
        quality.regrade_quality_test(actor=None, test=test, why=WHY)


def test_beans_of_a_variety_with_a_grade_of_its_own_are_of_no_other(world):
    # 76 fermented of 100: within CCN-51 (65 and 76, 18, 5, 1); of the others this would be ASSS.
    counts = {"well_fermented": 66, "violet": 18, "slaty": 5, "beans_weight_g": Decimal(136)}
    nacional, ccn = (Variety.objects.get(code=code) for code in ("nacional", "ccn51"))
    assert str(noted(world, **counts, variety=ccn).grade) == "CCN-51"
    assert str(noted(world, **counts, variety=nacional).grade) == "ASS"  # 18 violet
    below = noted(world, **counts | {"beans_weight_g": Decimal(134)}, variety=ccn)
    assert below.grade is None
    assert {one.grade for one in below.shortfalls} == {"CCN-51"}


def test_a_variety_of_another_product_is_refused(world):
    with refused("other_product"):
        noted(world, variety=world.planifolia)


def test_a_batch_is_graded_by_what_went_into_it(world):
    batch = works.started(world, works.handed_in(world))
    assert str(noted(world, batch=batch).grade) == "ASSS"


def test_what_counts_no_more_is_not_tested(world):
    gone = handed_in.voided(works.handed_in(world))
    with refused("not_valid"):
        noted(world, delivery=gone)
    batch = works.started(world, works.handed_in(world))
    assert noted(world, batch=batch).batch == batch
    batches.void_batch(actor=None, batch=batch, reason="No empezó.")
    batch.refresh_from_db()
    with refused("voided"):
        noted(world, batch=batch)


def test_a_test_is_of_one_thing(world):
    with refused("one_subject"):
        noted(world, lot=world.lot, delivery=world.delivery)
    with refused("one_subject"):
        noted(world, lot=None)


def test_a_test_finds_something_and_not_tomorrow(world):
    with pytest.raises(ValidationError, match="al menos una medida"):
        quality.note_quality_test(actor=None, lot=world.lot)
    with refused("in_the_future"):
        noted(world, tested_at=timezone.now() + timedelta(minutes=5))


# --- A hundred beans -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("beans", "code"),
    [
        (94, "not_a_hundred"),
        (95, "note_required"),
        (96, "note_required"),
        (97, None),
        (103, None),
        (104, "note_required"),
        (105, "note_required"),
        (106, "not_a_hundred"),
    ],
)
def test_a_few_beans_more_or_less_are_explained_and_many_are_refused(world, beans, code):
    counts = {"well_fermented": 68 + beans - 100}
    if code is None:
        assert noted(world, **counts).beans_counted == beans
        return
    with refused(code):
        noted(world, **counts)
    if code == "not_a_hundred":
        with refused(code):
            noted(world, **counts, note="Se cayeron algunos.")
    else:
        assert noted(world, **counts, note="Se cayeron algunos.").beans_counted == beans


def test_how_many_beans_is_a_dated_rule(world):
    day = timezone.localdate() - timedelta(days=3)
    add_rule_value(actor=None, rule=BEANS_APART_MOST, value=10, valid_from=day, source="Resolución")
    counts = {"well_fermented": 60, "note": "Muestra pequeña."}
    assert noted(world, **counts).beans_counted == 92
    with refused("not_a_hundred"):
        noted(world, **counts, tested_at=timezone.now() - timedelta(days=5))


def test_every_bean_is_of_one_class(world):
    with pytest.raises(ValidationError, match="cada grano se cuenta una vez"):
        noted(world, beans_counted=101)
    assert noted(world, beans_counted=100).beans_counted == 100


# --- Behind the application's back ---------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE harvests_qualitytest SET violet = 0",
        "UPDATE harvests_qualitytest SET grade_id = NULL",
        "DELETE FROM harvests_qualitytest",
        "UPDATE harvests_labresult SET value_mg_kg = 0.1",
        "DELETE FROM harvests_labresult",
        "UPDATE harvests_qualityphotograph SET caption = 'Otra'",
        "DELETE FROM harvests_qualityphotograph",
    ],
)
def test_what_was_found_is_append_only_by_sql_too(world, statement):
    quality.add_quality_photograph(actor=None, test=noted(world), upload=picture())
    cadmium(world)
    assert _sql(statement) == "append_only"


def test_the_copy_itself_is_taken_by_the_database(world):
    """The twin of the refusals below: the same statement with nothing changed is taken."""
    statement, *params = _copied(noted(world))
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
    assert QualityTest.objects.count() == 2


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"violet": 15}, "constraint"),  # 101 beans where 100 were counted
        ({"beans_counted": None}, "constraint"),
        ({"lot_id": None}, "constraint"),
        ({"moisture_percent": 101}, "constraint"),
        ({"foreign_matter_percent": 101}, "constraint"),
        ({"edition_id": None}, "constraint"),
        ({"why": "Sí."}, "constraint"),
        ({"well_fermented": 74, "beans_counted": 106}, "not_a_hundred"),
        ({"well_fermented": 65, "mouldy": 0, "beans_counted": 96}, "note_required"),
        ({"beans_weight_g": 129}, "grade_too_high"),
        ({"beans_weight_g": None}, "grade_too_high"),
        ({"well_fermented": 64, "slightly_fermented": 14}, "grade_too_high"),
        ({"slightly_fermented": 6, "defective": 4}, "grade_too_high"),
        ({"violet": 16, "slaty": 5}, "grade_too_high"),
        ({"violet": 11, "slaty": 10}, "grade_too_high"),
        ({"violet": 13, "mouldy": 2}, "grade_too_high"),
    ],
)
def test_sql_writes_no_test_that_breaks_a_rule(world, columns, code):
    assert _sql(*_copied(noted(world), **columns)) == code


def test_sql_gives_no_grade_of_another_table_nor_of_a_draft(world):
    test, table = noted(world), newer(world)
    assert _sql(*_copied(test, edition_id=table.pk)) == "other_table"
    draft = grade_tables.draft_edition(
        actor=None,
        product=world.cacao,
        name="Borrador",
        edition="2030",
        source="Invención de las pruebas",
        like=world.table,
    )
    of_draft = draft.grades.get(code="ASSS")
    assert _sql(*_copied(test, edition_id=draft.pk, grade_id=of_draft.pk)) == "other_table"


def test_sql_grades_no_guayusa_by_the_table_of_cocoa(world):
    leaf = handed_in.delivery(family(), world.hoja_primera, "50", "kg")
    test = noted(world)
    assert _sql(*_copied(test, lot_id=None, delivery_id=leaf.pk)) == "other_table"


def test_sql_corrects_no_test_of_something_else(world):
    test = noted(world)
    other = works.dry(world, works.handed_in(world), kg="39")
    columns = {"lot_id": other.pk, "replaces_id": test.pk, "why": "Otro lote."}
    assert _sql(*_copied(test, **columns)) == "other_subject"


def test_sql_corrects_no_test_twice(world):
    test = noted(world)
    quality.replace_quality_test(actor=None, test=test, why=WHY)
    assert _sql(*_copied(test, replaces_id=test.pk, why=WHY)) == "unique"


# --- Tables of grades ----------------------------------------------------------------------------


def test_the_usual_table_is_entered_once_unconfirmed_and_in_force(world):
    assert add_usual_grades(actor=None) == world.table
    assert GradeEdition.objects.count() == 1
    assert (world.table.is_published, world.table.confirmed) == (True, False)
    assert [one.code for one in world.table.grades.all()] == [
        "ASSPS",
        "ASSS",
        "ASS",
        "ASN",
        "ASE",
        "CCN-51",
    ]
    assert world.table.grades.get(code="CCN-51").variety.code == "ccn51"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE harvests_gradeedition SET edition = '2007'",
        "UPDATE harvests_gradeedition SET published_at = NULL",
        "UPDATE harvests_grade SET violet_max = 90",
        "DELETE FROM harvests_grade WHERE code = 'ASN'",
        "INSERT INTO harvests_grade (edition_id, position, code, name, violet_max)"
        " SELECT id, 90, 'X', 'X', 90 FROM harvests_gradeedition",
    ],
)
def test_a_published_table_stays_by_sql_too(world, statement):
    assert _sql(statement) == "published"


def test_no_grade_is_moved_out_of_a_published_table(world):
    draft = grade_tables.draft_edition(
        actor=None, product=world.cacao, name="Otra", edition="2030", source="Prueba"
    )
    assert _sql("UPDATE harvests_grade SET edition_id = %s", draft.pk) == "published"


def test_a_table_is_never_removed(world):
    grade_tables.draft_edition(
        actor=None, product=world.cacao, name="Otra", edition="2030", source="Prueba"
    )
    statement = "DELETE FROM harvests_gradeedition WHERE published_at IS NULL"
    assert _sql(statement) == "never_removed"


def test_a_published_table_is_confirmed_once_and_stays_so(world):
    with refused("reason_required"):
        grade_tables.confirm_edition(actor=None, edition=world.table, reason="")
    table = grade_tables.confirm_edition(
        actor=None, edition=world.table, reason="Comparada con la norma impresa."
    )
    assert table.confirmed
    with refused("already_confirmed"):
        grade_tables.confirm_edition(actor=None, edition=table, reason="Otra vez.")
    assert _sql("UPDATE harvests_gradeedition SET confirmed = false") == "published"


def test_a_draft_is_written_corrected_and_published_once(world):
    draft = grade_tables.draft_edition(
        actor=None,
        product=world.cacao,
        name="NTE INEN 176",
        edition="2021",
        source="Prueba",
        valid_from=timezone.localdate(),
        like=world.table,
    )
    assert draft.grades.count() == 6
    worst = draft.grades.get(code="ASE")
    grade_tables.correct_grade(
        actor=None, grade=worst, reason="Así lo dice.", mouldy_max=Decimal(5)
    )
    grade_tables.remove_grade(actor=None, grade=draft.grades.get(code="ASN"), reason="No está.")
    grade_tables.correct_edition(
        actor=None, edition=draft, reason="El año era otro.", name="NTE INEN 176-1"
    )
    assert noted(world).edition == world.table  # a draft grades nothing
    published = grade_tables.publish_edition(actor=None, edition=draft, reason="Aprobada.")
    assert noted(world).edition == published
    for act in (
        lambda: grade_tables.publish_edition(actor=None, edition=draft, reason="Otra vez."),
        lambda: grade_tables.correct_edition(actor=None, edition=draft, reason="x", name="Y"),
        lambda: grade_tables.correct_grade(actor=None, grade=worst, reason="x", name="Y"),
        lambda: grade_tables.remove_grade(actor=None, grade=worst, reason="x"),
        lambda: grade_tables.add_grade(
            actor=None, edition=draft, position=9, code="9", name="Nueve", violet_max=Decimal(1)
        ),
    ):
        with refused("published"):
            act()


def test_an_empty_table_grades_nothing(world):
    draft = grade_tables.draft_edition(
        actor=None, product=world.cacao, name="Otra", edition="2030", source="Prueba"
    )
    with refused("no_grades"):
        grade_tables.publish_edition(actor=None, edition=draft, reason="Ya.")


def test_two_tables_do_not_begin_on_one_day(world):
    newer(world)
    with pytest.raises(ValidationError, match="Ya rige otra tabla"):
        newer(world)
    assert newer(world, valid_from=timezone.localdate() - timedelta(days=9)).is_published


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"well_fermented_min": 80, "fermented_min": 70}, "no son menos que los bien"),
        ({"weight_min_g": 130, "weight_max_g": 120}, "no es menor que el de menos"),
        ({}, "al menos un límite"),
    ],
)
def test_limits_that_contradict_each_other_are_refused(world, limits, words):
    draft = grade_tables.draft_edition(
        actor=None, product=world.cacao, name="Otra", edition="2030", source="Prueba"
    )
    told: dict[str, Any] = {name: Decimal(value) for name, value in limits.items()}
    with pytest.raises(ValidationError, match=words):
        grade_tables.add_grade(actor=None, edition=draft, position=1, code="1", name="Uno", **told)
    assert not Grade.objects.filter(edition=draft).exists()


# --- Photographs and laboratories ----------------------------------------------------------------


@pytest.mark.parametrize("hostile", [HTML, SVG, PDF, PROGRAM, OFFICE, b""])
def test_a_photograph_is_a_picture(world, hostile):
    test = noted(world)
    with pytest.raises(ValidationError):
        quality.add_quality_photograph(actor=None, test=test, upload=hostile)
    assert not test.photographs.exists()
    kept = quality.add_quality_photograph(actor=None, test=test, upload=picture(), caption="Corte")
    assert kept.file.content_type == "image/jpeg"


@pytest.mark.parametrize("hostile", [HTML, SVG, PROGRAM, OFFICE, b""])
def test_a_report_is_a_paper(world, hostile):
    with pytest.raises(ValidationError):
        cadmium(world, upload=hostile)
    assert not LabResult.objects.exists()
    kept = cadmium(world, upload=PDF).file
    assert kept is not None
    assert kept.content_type == "application/pdf"


def test_a_result_is_noted_once_and_corrected_by_another(world):
    result = cadmium(world, upload=PDF)
    with pytest.raises(ValidationError, match="ya está anotado"):
        cadmium(world, "0.32")
    better = quality.replace_lab_result(
        actor=None, result=result, why="Se leyó mal la coma.", value_mg_kg=Decimal("0.13")
    )
    assert (better.value_mg_kg, better.file, better.substance) == (
        Decimal("0.13"),
        result.file,
        "cadmium",
    )
    result.refresh_from_db()
    assert result.is_replaced
    assert result.value_mg_kg == Decimal("0.31")
    assert list(LabResult.objects.standing()) == [better]
    with refused("replaced"):
        quality.replace_lab_result(actor=None, result=result, why="Otra vez.")
    with refused("reason_required"):
        quality.replace_lab_result(actor=None, result=better, why=" ")
    with pytest.raises(TypeError, match="substance"):
        quality.replace_lab_result(actor=None, result=better, why="Era plomo.", substance="lead")


def test_what_is_not_detected_has_its_limit(world):
    with pytest.raises(ValidationError, match="lo menos que el laboratorio detecta"):
        cadmium(world, "0", is_below_detection=True)
    assert cadmium(world, "0.02", is_below_detection=True).is_below_detection


def test_a_report_follows_its_sample_and_has_come(world):
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="no es anterior a la muestra"):
        cadmium(world, sampled_on=today)
    with refused("in_the_future"):
        cadmium(world, reported_on=today + timedelta(days=1))
    with refused("min_value"):
        cadmium(world, "-0.1")


# --- Who sees, and two at once -------------------------------------------------------------------


def test_an_agent_sees_tests_of_deliveries_of_their_communities_alone(world):
    from members.services.families import assign_community

    serena, puni = community("Serena"), community("Puni Bocana")
    agent = make_account("extension_agent")
    assign_community(actor=None, user=agent, community=serena)
    near = noted(world, delivery=works.handed_in(world, family=family(of=serena)))
    noted(world, delivery=works.handed_in(world, family=family(of=puni)))
    of_lot = noted(world)
    assert set(QualityTest.objects.visible_to(agent)) == {near, of_lot}
    assert QualityTest.objects.visible_to(make_account("auditor")).count() == 3
    assert not QualityTest.objects.visible_to(make_account("delegate")).exists()


@pytest.mark.parametrize("typed", ["Q-00002", "q2", "2", "0002"])
def test_a_test_is_found_by_its_number(world, typed):
    noted(world, delivery=world.delivery)
    wanted = noted(world)
    assert wanted in QualityTest.objects.find(typed)
    assert list(QualityTest.objects.find(world.lot.code)) == [wanted]


def _both(act):
    """Let two threads do something at the same moment; return what went wrong."""
    ready, failed = threading.Barrier(2, timeout=20), []

    def run():
        try:
            ready.wait()
            act()
        except (ValidationError, IntegrityError) as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return failed


@pytest.mark.django_db(transaction=True)
def test_two_tests_at_once_have_two_numbers(world):
    assert _both(lambda: quality.note_quality_test(actor=None, lot=world.lot, **ASSS)) == []
    assert sorted(QualityTest.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_tests_at_once_want_the_same_number(world, monkeypatch):
    """The twin: with the lock taken away one of the two is refused."""
    together = threading.Barrier(2, timeout=20)
    drawn = next_number

    def draw_together(model):
        number = drawn(model)
        together.wait()
        return number

    monkeypatch.setattr(samples, "lock_numbers", lambda series: None)
    monkeypatch.setattr(samples, "next_number", draw_together)
    assert len(_both(lambda: quality.note_quality_test(actor=None, lot=world.lot, **ASSS))) == 1
    assert QualityTest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_test_is_corrected_once_by_two_at_once(world):
    test = noted(world)
    failed = _both(lambda: quality.replace_quality_test(actor=None, test=test, why=WHY))
    assert [error.code for error in failed] == ["replaced"]
    assert QualityTest.objects.count() == 2
