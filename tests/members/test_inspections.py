"""Inspections, who may make them, and what follows from what they find."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from kallari.accounts.models import User
from members.models import (
    ChakraCertification,
    CorrectiveAction,
    Finding,
    Inspection,
    Sanction,
)
from members.services import certification
from members.services import inspections as services
from tests.members import certified, factories
from tests.members.factories import REASON, RESOLUTION, chakra

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(db: None) -> Any:
    return factories.family()


# --- Handing in -----------------------------------------------------------------------------------


def test_a_no_becomes_a_finding_with_its_severity_and_its_days(family: Any) -> None:
    made = certified.inspection(family, values=("no", "yes"), on=date(2026, 3, 10))
    finding = Finding.objects.get()
    assert (finding.inspection, finding.severity) == (made, "major")
    assert finding.actions.get().due_on == date(2026, 4, 9)  # thirty days


def test_a_question_that_does_not_apply_is_no_finding(family: Any) -> None:
    certified.inspection(family, values=("na", "yes"))
    assert not Finding.objects.exists()


def test_an_unanswered_question_is_named_and_nothing_is_written(family: Any) -> None:
    with pytest.raises(ValidationError, match="Faltan respuestas: 2") as refused:
        certified.inspection(family, values=("yes", ""))
    assert refused.value.code == "unanswered"
    assert not Inspection.objects.exists()


def test_an_answer_to_another_list_is_refused(family: Any) -> None:
    asked, other = certified.checklist(), certified.checklist()
    told = {item.pk: ("yes", "") for item in [*asked.items.all(), *other.items.all()]}
    with pytest.raises(ValidationError) as refused:
        services.record_inspection(
            actor=None,
            family=family,
            checklist=asked,
            answers=told,
            kind="internal",
            inspected_on=date(2026, 3, 10),
            inspector_name="Inés Prueba",
            outcome="approve",
        )
    assert refused.value.code == "other_checklist"


def test_a_visit_that_has_not_been_is_refused(family: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        certified.inspection(family, on=date(2200, 1, 1))
    assert refused.value.error_dict["inspected_on"][0].code == "in_the_future"


# --- Who may inspect ------------------------------------------------------------------------------


def test_nobody_inspects_their_own_family(family: Any) -> None:
    with pytest.raises(ValidationError, match="propia familia"):
        certified.inspection(family, inspector_person=factories.person(of=family))


def test_a_person_of_another_family_may_inspect(family: Any) -> None:
    made = certified.inspection(
        family, kind="peer", inspector_person=factories.person(of=factories.family("Cerda"))
    )
    assert made.kind == "peer"


def test_a_visit_among_families_names_its_inspector(family: Any) -> None:
    with pytest.raises(ValidationError, match="qué socia o socio"):
        certified.inspection(family, kind="peer")
    made = certified.inspection(
        family, kind="peer", inspector_person=factories.person(of=factories.family("Cerda"))
    )
    with pytest.raises(ValidationError, match="qué socia o socio"):
        services.correct_inspection(
            actor=None, inspection=made, inspector_person=None, reason=REASON
        )


def test_the_database_takes_no_visit_among_families_without_its_inspector(family: Any) -> None:
    made = certified.inspection(family)
    with (
        pytest.raises(IntegrityError, match="a_visit_among_families_names_its_inspector"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE members_inspection SET kind = 'peer' WHERE id = %s", [made.pk])


@pytest.mark.parametrize("is_theirs", [True, False])
def test_an_account_is_known_by_its_cedula(
    family: Any, extension_agent: User, is_theirs: bool
) -> None:
    person = factories.person(of=family if is_theirs else factories.family("Cerda"))
    User.objects.filter(pk=extension_agent.pk).update(cedula=person.cedula)
    extension_agent.refresh_from_db()
    if is_theirs:
        with pytest.raises(ValidationError, match="propia familia"):
            certified.inspection(family, inspector=extension_agent)
    else:
        assert certified.inspection(family, inspector=extension_agent).pk


def test_the_database_takes_no_inspector_of_the_family(family: Any) -> None:
    made = certified.inspection(family)
    relative = factories.person(of=family)
    with (
        pytest.raises(IntegrityError, match="inspector belongs"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE members_inspection SET inspector_person_id = %s WHERE id = %s",
            [relative.pk, made.pk],
        )


def test_a_conflict_of_interest_is_explained(family: Any) -> None:
    with pytest.raises(ValidationError, match="conflicto de interés"):
        certified.inspection(family, has_conflict=True)
    made = certified.inspection(
        family, has_conflict=True, conflict_note="Es mi comadre; no había otra persona."
    )
    assert made.has_conflict


# --- What was asked stays -------------------------------------------------------------------------


def test_an_answered_question_never_changes(family: Any) -> None:
    asked = certified.checklist()
    certified.inspection(family, asked)
    with (
        pytest.raises(IntegrityError, match="has been answered"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE members_checklistitem SET question = 'otra'")


def test_a_question_that_nobody_answered_may_change() -> None:
    certified.checklist()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_checklistitem SET question = 'otra'")
        assert cursor.rowcount == 2


def test_the_list_of_the_next_year_begins_with_the_same_questions() -> None:
    asked = certified.checklist(year=2026)
    copy = services.copy_checklist(actor=None, checklist=asked, year=2027)
    assert [item.question for item in copy.items.all()] == ["¿Pregunta 1?", "¿Pregunta 2?"]
    with pytest.raises(ValidationError, match="ya tiene su lista"):
        services.copy_checklist(actor=None, checklist=asked, year=2027)


# --- Corrective actions ---------------------------------------------------------------------------


@pytest.fixture
def action(family: Any) -> CorrectiveAction:
    certified.inspection(family, values=("no", "yes"), on=date(2026, 3, 10))
    return CorrectiveAction.objects.get()


def test_an_action_is_overdue_the_day_after_its_last(action: CorrectiveAction) -> None:
    assert not CorrectiveAction.objects.overdue_on(date(2026, 4, 9)).exists()
    assert CorrectiveAction.objects.overdue_on(date(2026, 4, 10)).get() == action


def test_an_action_is_closed_with_evidence(action: CorrectiveAction) -> None:
    closed = services.close_action(
        actor=None, action=action, closed_on=date(2026, 4, 1), evidence="Lo vi: hay lindero."
    )
    assert closed.closed_on == date(2026, 4, 1)
    assert not CorrectiveAction.objects.overdue_on(date(2026, 5, 1)).exists()


def test_an_action_is_not_closed_without_evidence(action: CorrectiveAction) -> None:
    with pytest.raises(ValidationError, match="qué lo muestra"):
        services.close_action(actor=None, action=action, closed_on=date(2026, 4, 1), evidence="")


def test_an_action_is_not_closed_before_the_visit(action: CorrectiveAction) -> None:
    with pytest.raises(ValidationError) as refused:
        services.close_action(
            actor=None, action=action, closed_on=date(2026, 3, 9), evidence="Lo vi."
        )
    assert refused.value.error_dict["closed_on"][0].code == "before_the_visit"


# --- Sanctions ------------------------------------------------------------------------------------


def sanction(family: Any, scheme: Any, kind: str, on: date = date(2026, 4, 1)) -> Sanction:
    return services.impose_sanction(
        actor=None,
        family=family,
        scheme=scheme,
        kind=kind,
        starts_on=on,
        resolution=RESOLUTION,
        note=REASON,
    )


def now(scheme: Any) -> list[str]:
    rows = ChakraCertification.objects.filter(scheme=scheme, ends_on=None)
    return sorted(rows.values_list("status", flat=True))


def test_a_suspension_suspends_every_chakra_of_the_family_and_no_other(family: Any) -> None:
    scheme = certified.scheme()
    certified.certified(chakra(of=family), scheme)
    certified.in_transition(chakra(of=family), scheme)
    certified.certified(chakra(of=factories.family("Cerda")), scheme)
    sanction(family, scheme, "suspension")
    assert now(scheme) == ["certified", "suspended", "suspended"]


def test_a_lifted_suspension_gives_back_what_was(family: Any) -> None:
    scheme = certified.scheme()
    certified.certified(chakra(of=family), scheme)
    certified.in_transition(chakra(of=family), scheme)
    made = sanction(family, scheme, "suspension")
    services.lift_sanction(
        actor=None,
        sanction=made,
        lifted_on=date(2026, 5, 1),
        resolution=RESOLUTION,
        reason=REASON,
    )
    assert now(scheme) == ["certified", "t3"]  # its 36 months were over in November 2025


def lifted(made: Sanction, on: date) -> Sanction:
    return services.lift_sanction(
        actor=None, sanction=made, lifted_on=on, resolution=RESOLUTION, reason=REASON
    )


@pytest.mark.parametrize(
    ("on", "resolution"),
    [(date(2026, 3, 1), "Comité, acta 7"), (date(2026, 4, 1), "Comité, acta 7")],
)
def test_a_lifted_suspension_leaves_what_was_suspended_by_itself(
    family: Any, on: date, resolution: str
) -> None:
    scheme = certified.scheme()
    certified.certified(chakra(of=family), scheme)
    alone = certified.certified(chakra(of=family), scheme)
    certification.suspend_chakra(
        actor=None,
        chakra=alone.chakra,
        scheme=scheme,
        starts_on=on,
        resolution=resolution,
        reason=REASON,
    )
    lifted(sanction(family, scheme, "suspension"), date(2026, 5, 1))
    assert now(scheme) == ["certified", "suspended"]
    still = ChakraCertification.objects.get(scheme=scheme, ends_on=None, status="suspended")
    assert still.chakra == alone.chakra


def test_a_chakra_stays_suspended_until_the_last_suspension_is_lifted(family: Any) -> None:
    scheme = certified.scheme()
    certified.certified(chakra(of=family), scheme)
    first = sanction(family, scheme, "suspension")
    certified.certified(chakra(of=family), scheme)
    second = sanction(family, scheme, "suspension", date(2026, 4, 20))
    lifted(first, date(2026, 5, 1))
    assert now(scheme) == ["suspended", "suspended"]
    lifted(second, date(2026, 5, 20))
    assert now(scheme) == ["certified", "certified"]


def test_a_suspension_lifted_late_gives_back_from_the_day_of_the_last_one(family: Any) -> None:
    scheme = certified.scheme()
    certified.certified(chakra(of=family), scheme)
    first = sanction(family, scheme, "suspension")
    certified.certified(chakra(of=family), scheme)
    second = sanction(family, scheme, "suspension", date(2026, 4, 20))
    lifted(second, date(2026, 5, 20))
    assert now(scheme) == ["suspended", "suspended"]
    lifted(first, date(2026, 5, 1))
    given_back = ChakraCertification.objects.filter(scheme=scheme, ends_on=None)
    assert {(row.status, row.starts_on) for row in given_back} == {("certified", date(2026, 5, 20))}


def test_an_exclusion_excludes_suspended_chakras_too(family: Any) -> None:
    scheme = certified.scheme()
    certified.certified(chakra(of=family), scheme)
    sanction(family, scheme, "suspension")
    sanction(family, scheme, "exclusion", date(2026, 5, 1))
    assert now(scheme) == ["excluded"]


def test_a_warning_changes_no_chakra(family: Any) -> None:
    scheme = certified.scheme()
    certified.certified(chakra(of=family), scheme)
    sanction(family, scheme, "warning")
    assert now(scheme) == ["certified"]


def test_a_family_without_a_listed_chakra_is_not_suspended(family: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        sanction(family, certified.scheme(), "suspension")
    assert refused.value.code == "nothing_to_sanction"
    assert not Sanction.objects.exists()


def test_the_database_takes_no_lifting_without_a_day(family: Any) -> None:
    made = sanction(family, certified.scheme(), "warning")
    with (
        pytest.raises(IntegrityError, match="a_sanction_is_lifted_by_resolution"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE members_sanction SET lift_resolution = 'x' WHERE id = %s", [made.pk])


def test_what_was_suspended_by_itself_stays_so_under_the_same_resolution(db):
    family, scheme, day = factories.family(), certified.scheme(), date(2026, 3, 1)
    alone, beside = (certified.certified(factories.chakra(of=family), scheme) for _one in "ab")
    told = {"actor": None, "scheme": scheme, "starts_on": day, "resolution": "CD-9"}
    certification.suspend_chakra(**told, chakra=alone.chakra, reason="por sí sola")
    imposed = services.impose_sanction(**told, family=family, kind="suspension", note="familia")
    services.lift_sanction(
        actor=None,
        sanction=imposed,
        lifted_on=date(2026, 4, 1),
        resolution="CD-10",
        reason=factories.REASON,
    )
    present = ChakraCertification.objects.filter(ends_on=None)
    assert present.get(chakra=alone.chakra).status == "suspended"
    assert present.get(chakra=beside.chakra).status == "certified"


def test_a_corrected_resolution_hinders_no_lifting(db):
    row = certified.certified()
    family = row.chakra.family
    told = {"actor": None, "scheme": row.scheme, "starts_on": date(2026, 3, 1)}
    imposed = services.impose_sanction(
        **told, resolution="CD-9", family=family, kind="suspension", note="familia"
    )
    suspended = ChakraCertification.objects.get(ends_on=None)
    certification.correct_status(
        actor=None, certification=suspended, resolution="CD-09", reason="errata"
    )
    services.lift_sanction(
        actor=None,
        sanction=imposed,
        lifted_on=date(2026, 4, 1),
        resolution="CD-10",
        reason=factories.REASON,
    )
    assert ChakraCertification.objects.get(ends_on=None).status == "certified"
