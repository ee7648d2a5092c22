"""The pages at /certificacion/: what a form is refused, and what a refusal leaves behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kallari.files.models import StoredFile
from members.models import Certificate, Checklist, CorrectiveAction, Inspection
from members.services import allies, partners, persons, sampling, yields
from members.services import inspections as services
from tests.files import samples
from tests.members import certified, factories
from tests.members.factories import REASON

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Any) -> Client:
    browser: Client = client_of("administration")
    return browser


def copy() -> SimpleUploadedFile:
    return SimpleUploadedFile("informe.pdf", samples.PDF, "application/pdf")


def files() -> int:
    return StoredFile.objects.count()


def visit(asked: Any, **told: Any) -> dict[str, Any]:
    """What is posted of a visit with a yes to every question."""
    return {
        "kind": "internal",
        "inspected_on": "2026-03-10",
        "inspector_name": "Inés Prueba",
        "outcome": "approve",
        **{f"answer_{item.pk}": "yes" for item in asked.items.all()},
    } | told


# --- Files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("note", ["", "Es mi comadre."])
def test_a_refused_visit_leaves_no_file(client: Client, note: str) -> None:
    asked = certified.checklist()
    page = client.post(
        reverse("members:inspect", args=[factories.family().pk, asked.pk]),
        visit(asked, has_conflict="on", conflict_note=note, document=copy()),
    )
    taken = bool(note)
    assert page.status_code == (302 if taken else 200)
    assert Inspection.objects.filter(document__isnull=False).count() == files() == taken


@pytest.mark.parametrize(("closed_on", "taken"), [("2026-03-09", False), ("2026-03-11", True)])
def test_a_refused_action_leaves_no_file(client: Client, closed_on: str, taken: bool) -> None:
    certified.inspection(factories.family(), values=("no", "yes"), on=date(2026, 3, 10))
    action = CorrectiveAction.objects.get()
    page = client.post(
        reverse("members:close_action", args=[action.pk]),
        {"closed_on": closed_on, "evidence": "Lo vi.", "document": copy()},
    )
    assert page.status_code == (302 if taken else 200)
    action.refresh_from_db()
    assert (action.document is not None) == bool(files()) == taken


@pytest.mark.parametrize("taken", [False, True])
def test_a_refused_certificate_leaves_no_file(client: Client, taken: bool) -> None:
    scheme = certified.scheme()
    held, other = certified.certificate(scheme), certified.certificate(scheme)
    page = client.post(
        reverse("members:correct_certificate", args=[held.pk]),
        {
            "number": "EC-NUEVO" if taken else other.number,
            "body": held.body,
            "valid_from": "2026-01-01",
            "valid_until": "2026-12-31",
            "reason": REASON,
            "document": copy(),
        },
    )
    assert page.status_code == (302 if taken else 200)
    assert Certificate.objects.filter(document__isnull=False).count() == files() == taken


def test_a_new_certificate_keeps_its_copy(client: Client) -> None:
    client.post(
        reverse("members:add_certificate"),
        {
            "scheme": certified.scheme().pk,
            "number": "EC-1",
            "body": "Certificadora de Prueba",
            "valid_from": "2026-01-01",
            "valid_until": "2026-12-31",
            "document": copy(),
        },
    )
    made = Certificate.objects.get()
    assert made.document is not None
    assert bytes(made.document.content) == samples.PDF


def test_a_renewal_begins_where_the_certificate_ends(client: Client) -> None:
    held = certified.certificate(certified.scheme())
    page = client.get(held.get_absolute_url())
    address = f"{reverse('members:add_certificate')}?renueva={held.pk}"
    assert address in page.content.decode()
    form = client.get(address).context["form"]
    assert (form["scheme"].value(), form["body"].value()) == (held.scheme_id, held.body)
    assert form["valid_from"].value() == held.valid_until + timedelta(days=1)
    renewed = certified.certificate(
        held.scheme,
        valid_from=held.valid_until + timedelta(days=1),
        valid_until=held.valid_until + timedelta(days=365),
    )
    shown = client.get(held.get_absolute_url()).content.decode()
    assert renewed.get_absolute_url() in shown
    assert address not in shown
    assert client.get(f"{reverse('members:add_certificate')}?renueva=x").status_code == 200
    assert client.get(f"{reverse('members:add_certificate')}?renueva=999999999").status_code == 404


def test_what_was_written_of_a_visit_is_corrected_with_a_reason(client: Client) -> None:
    visited = certified.inspection(factories.family(), values=("no", "yes"))
    address = reverse("members:correct_inspection", args=[visited.pk])
    told = {
        "inspected_on": "2026-03-09",
        "inspector_name": "Otra Persona",
        "outcome": "refuse",
        "document": copy(),
    }
    assert client.post(address, told).status_code == 200
    assert files() == 0
    assert client.post(address, told | {"document": copy(), "reason": REASON}).status_code == 302
    visited.refresh_from_db()
    assert (visited.inspected_on, visited.outcome) == (date(2026, 3, 9), "refuse")
    assert visited.document is not None
    assert visited.findings.count() == 1


def test_one_more_thing_to_do_is_agreed_about_a_finding(client: Client) -> None:
    visited = certified.inspection(factories.family(), values=("no", "yes"))
    finding = visited.findings.get()
    address = reverse("members:agree_action", args=[finding.pk])
    assert address in client.get(visited.get_absolute_url()).content.decode()
    client.post(address, {"what": "Sembrar otra cerca viva.", "due_on": "2026-12-01"})
    assert finding.actions.filter(what="Sembrar otra cerca viva.").count() == 1
    assert finding.actions.count() == 2


def test_nothing_is_agreed_twice_nor_before_the_visit(client: Client) -> None:
    finding = certified.inspection(factories.family(), values=("no", "yes")).findings.get()
    address = reverse("members:agree_action", args=[finding.pk])
    told = {"what": "Sembrar otra cerca viva.", "due_on": "2026-12-01"}
    answers = [client.post(address, told).status_code for _time in range(2)]
    assert answers == [302, 200]
    assert client.post(address, told | {"due_on": "2020-01-01"}).status_code == 200
    assert finding.actions.count() == 2


def test_a_visit_is_not_moved_behind_what_followed_from_it(client: Client) -> None:
    visited = certified.inspection(factories.family(), values=("no", "yes"))
    services.close_action(
        actor=None,
        action=visited.findings.get().actions.get(),
        closed_on=date(2026, 3, 20),
        evidence="Se vio en la chakra.",
    )
    told = {"inspector_name": "Inés Prueba", "outcome": "approve", "reason": REASON}
    address = reverse("members:correct_inspection", args=[visited.pk])
    assert client.post(address, told | {"inspected_on": "2026-05-01"}).status_code == 200
    assert client.post(address, told | {"inspected_on": "2026-03-15"}).status_code == 302
    visited.refresh_from_db()
    assert visited.inspected_on == date(2026, 3, 15)


def test_a_visit_is_still_corrected_when_its_inspector_has_joined_the_family() -> None:
    family, other = factories.family(), factories.family("Cerda")
    neighbour = factories.person(of=other)
    visited = certified.inspection(family, kind="peer", inspector_person=neighbour)
    persons.move_person(actor=None, person=neighbour, family=family, reason=REASON)
    corrected = services.correct_inspection(
        actor=None, inspection=visited, note="Se casó después.", reason=REASON
    )
    assert corrected.note == "Se casó después."


def test_who_comes_second_is_told_so_even_by_the_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = certified.checklist(year=2026)
    address = reverse("members:copy_checklist", args=[asked.pk])
    assert client.post(address, {"year": 2027}).status_code == 302
    monkeypatch.setattr(Checklist, "full_clean", lambda self: None)  # as it looks to the faster one
    page = client.post(address, {"year": 2027})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_a_certificate_without_end_takes_no_page_down(client: Client) -> None:
    scheme = certified.scheme()
    for number, (first, last) in enumerate(
        [(date(2026, 1, 1), date.max), (date(2026, 6, 1), date(2026, 12, 31))]
    ):
        held = Certificate(
            scheme=scheme, number=f"EC-{number}", body="X", valid_from=first, valid_until=last
        )
        held.save()
    renewal = f"{reverse('members:add_certificate')}?renueva={held.pk}"
    for address in ("/", "/certificacion/", "/certificacion/vencimientos/", renewal):
        assert client.get(address).status_code == 200, address


def test_the_questions_of_a_year_are_taken_over_once(client: Client) -> None:
    asked = certified.checklist(year=2026)
    address = reverse("members:copy_checklist", args=[asked.pk])
    assert client.post(address, {"year": 2027}).status_code == 302
    copied = asked.scheme.checklists.get(year=2027)
    questions = "number", "question", "severity", "days_to_correct"
    assert list(copied.items.values(*questions)) == list(asked.items.values(*questions))
    assert client.post(address, {"year": 2027}).status_code == 200
    assert asked.scheme.checklists.count() == 2


def test_an_estimate_is_revised_with_a_reason_and_the_first_stays_in_the_history(
    client: Client,
) -> None:
    estimate = yields.estimate_yield(
        actor=None,
        chakra=factories.chakra(),
        product="cocoa",
        year=2026,
        estimated_kg=Decimal(100),
        estimated_on=date(2026, 2, 1),
    )
    address = reverse("members:revise_estimate", args=[estimate.pk])
    told = {"estimated_kg": "80,5", "estimated_on": "2026-03-01", "basis": "Helada."}
    assert client.post(address, told).status_code == 200
    assert client.post(address, told | {"reason": REASON}).status_code == 302
    figures = estimate.history.order_by("history_id").values_list("estimated_kg", flat=True)
    assert list(figures) == [Decimal(100), Decimal("80.5")]


# --- What a form is refused -----------------------------------------------------------------------


def test_a_visit_among_families_asks_for_the_number_of_its_inspector(client: Client) -> None:
    asked, family = certified.checklist(), factories.family()
    address = reverse("members:inspect", args=[family.pk, asked.pk])
    page = client.post(address, visit(asked, kind="peer"))
    assert set(page.context["form"].errors) == {"inspector_number"}
    page = client.post(address, visit(asked, kind="peer", inspector_number="muchos"))
    assert len(page.context["form"].errors["inspector_number"]) == 1
    neighbour = factories.partner(factories.person("Cerda"))
    told = visit(asked, kind="peer", inspector_number=neighbour.number)
    assert client.post(address, told).status_code == 302
    assert Inspection.objects.get().inspector_person == neighbour.person


def test_the_form_of_a_sample_takes_no_day_to_come(client: Client) -> None:
    told = {"scheme": certified.scheme().pk, "drawn_on": "2200-01-01", "seed": ""}
    page = client.post(reverse("members:draw_sample"), told)
    assert set(page.context["form"].errors) == {"drawn_on"}


def test_a_sample_names_its_partners_by_the_numbers_that_were_drawn(client: Client) -> None:
    scheme = certified.scheme()
    partner = factories.partner(number=17)
    certified.certified(factories.chakra(of=partner.family), scheme)
    sample = sampling.draw_sample(actor=None, scheme=scheme, drawn_on=date(2026, 6, 1))
    partners.correct_partner(actor=None, partner=partner, number=900, reason=REASON)
    page = client.get(sample.get_absolute_url())
    assert page.context["is_as_drawn"]
    assert [number for _one, number in page.context["sampled"]] == [17]
    assert "17 · " in page.text


# --- What has run out -----------------------------------------------------------------------------


@pytest.mark.parametrize("valid_until", [date(2026, 3, 31), date(2026, 4, 1)])
@time_machine.travel(datetime(2026, 4, 1, 12, tzinfo=UTC), tick=False)
def test_what_a_lapsed_certificate_covered_is_not_shown_as_good(
    client_of: Any, valid_until: date
) -> None:
    row = certified.certified(factories.chakra())
    certified.certificate(row.scheme, valid_from=date(2025, 4, 1), valid_until=valid_until)
    lapsed = valid_until < date(2026, 4, 1)
    for page in (
        reverse("members:certification"),
        row.scheme.get_absolute_url(),
        reverse("members:approved"),
    ):
        # Told to everybody who sees the chakras, not only to those who see the paper.
        text = client_of("center_operator").get(page).text
        assert ("Certificado vencido el 31/03/2026" in text) is lapsed, page


@time_machine.travel(datetime(2026, 4, 1, 12, tzinfo=UTC), tick=False)
def test_agreements_that_end_soon_are_among_what_runs_out(client: Client) -> None:
    for title, ends_on in (("Sombra", date(2026, 5, 1)), ("Vainilla", date(2027, 5, 1))):
        allies.sign_agreement(
            actor=None,
            ally=factories.ally(f"Aliado {title}"),
            title=title,
            starts_on=date(2025, 1, 1),
            ends_on=ends_on,
        )
    text = client.get(reverse("members:expiries")).text
    assert "Sombra" in text
    assert "Vainilla" not in text
    assert "<strong>1</strong> convenio por vencer" in client.get("/").text
