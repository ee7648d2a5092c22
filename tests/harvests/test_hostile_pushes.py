"""What hostile or unlucky telephones send: nothing takes the others down, nothing is doubled."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from harvests.intake import receiving
from harvests.intake.reading import content_digest
from harvests.intake.valuing import value
from harvests.models import Delivery, Device, Operation
from harvests.services import deliveries, inbox, worklist
from members.models import ChakraPhotograph, CommunityAssignment, Person
from members.services import families, persons
from tests.files.samples import picture
from tests.harvests import factories
from tests.harvests.telephones import operation, payload
from tests.harvests.test_pull import pull, rows
from tests.harvests.test_push import push, results_of
from tests.members import factories as register
from tests.people import make_account, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return factories.world()


@pytest.fixture
def operator(world: Any) -> Any:
    return make_account("center_operator")


@pytest.fixture
def client(operator: Any) -> APIClient:
    program = APIClient()
    sign_in(program, operator)
    return program


POISON: list[dict[str, Any]] = [
    {"weighed_at": "0001-01-01T00:00:00Z"},
    {"weighed_at": "9999-12-31T23:59:59-05:00"},
    {"pollinated_on": "9999-12-31"},
    {"product_form": "\x00"},
    {"product_form": "\ud800", "quantity": None},
    {"center": "\ud800"},
    {"quantity": "999999999", "product_form": "pieza", "unit": "piece"},
    {"position": {"type": "Point", "coordinates": 7}},
    {"tare_kg": "1e999999999"},
    {"position": {"type": "Point", "coordinates": [-77.8, -1.0], "accuracy_m": 999999.99}},
    {"weighed_at": 10**400},
    {"note": {"a": ["\ud800"]}},
]


@pytest.mark.parametrize("told", POISON, ids=str)
def test_one_poisoned_delivery_takes_neither_the_push_nor_the_office_down(
    client: APIClient, operator: Any, told: dict[str, Any]
) -> None:
    family = register.family()
    good, other = operation(payload(family)), operation(payload(family, quantity="50"))
    bad = operation(payload(register.family("Cerda")) | told)
    results = results_of(push(client, good, bad, other))
    assert (results[0], results[2]) == ("created", "created")
    browser = sign_in(Client(), operator)
    assert browser.get("/pendientes/").status_code == 200
    for kept in Operation.objects.waiting():
        assert browser.get(kept.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "envelope",
    [
        {"recorded_at": "0001-01-01T00:00:00Z"},
        {"clock_offset_ms": 10**400},
        {"clock_offset_ms": 10**17},
        {"entity": "\x00"},
        {"device_seq": 2**70},
    ],
    ids=str,
)
def test_one_poisoned_envelope_leaves_a_page_on_which_it_can_be_decided(
    client: APIClient, operator: Any, envelope: dict[str, Any]
) -> None:
    assert results_of(push(client, operation(payload(register.family())) | envelope)) == ["held"]
    browser = sign_in(Client(), operator)
    assert browser.get(Operation.objects.get().get_absolute_url()).status_code == 200


def test_a_reason_with_half_a_letter_is_held(client: APIClient) -> None:
    sent = operation(payload(register.family()))
    push(client, sent)
    void = operation({"reason": "x\ud800"}, action="void", entity_id=sent["entity_id"])
    assert results_of(push(client, void)) == ["held"]
    assert Delivery.objects.get().is_valid


def test_a_fault_of_ours_holds_one_and_lets_the_others_through(
    client: APIClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumbles(draft: Any, *args: Any, **kwargs: Any) -> Any:
        if draft.note == "tropiezo":
            raise ZeroDivisionError
        return value(draft, *args, **kwargs)

    monkeypatch.setattr(receiving, "value", stumbles)
    family = register.family()
    sent = [operation(payload(family)), operation(payload(family, note="tropiezo"))]
    answers = push(client, *sent)
    assert results_of(answers) == ["created", "held"]
    assert answers[1]["errors"][0]["code"] == "fault"
    assert "fault of ours" in caplog.text


def test_a_telephone_that_believes_it_is_1970_is_corrected(client: APIClient) -> None:
    now = timezone.now()
    shown = now - timedelta(days=365 * 56)
    offset = round((now - shown).total_seconds() * 1000)
    told = payload(register.family(), weighed_at=shown.isoformat())
    assert results_of(push(client, operation(told, clock_offset_ms=offset))) == ["created"]
    assert abs(Delivery.objects.get().weighed_at - now) < timedelta(seconds=1)


def test_voiding_the_other_of_two_settles_the_alert(client: APIClient, operator: Any) -> None:
    family = register.family()
    push(client, operation(payload(family)), operation(payload(family)))
    first, second = Delivery.objects.order_by("folio")
    alert = worklist.void_the_other(
        actor=operator, alert=second.alerts.get(), reason="Es el mismo saco."
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("voided", "valid")
    assert (alert.is_open, alert.decision) == (False, "explained")


def test_a_revoked_telephone_voids_nothing_and_makes_nobody(client: APIClient) -> None:
    family = register.family()
    sent = operation(payload(family))
    push(client, sent)
    Device.objects.update(revoked_at=timezone.now())
    void = operation({"reason": "No fue."}, action="void", entity_id=sent["entity_id"])
    newcomer = operation(
        {
            "family": str(family.pk),
            "surnames": "Andi",
            "given_names": "Sisa",
            "cedula_missing_reason": "en trámite",
        },
        entity="person",
    )
    assert results_of(push(client, void, newcomer)) == ["held", "held"]
    assert Delivery.objects.get().is_valid
    assert not Person.objects.exists()


def test_the_office_registers_a_correction_that_a_revoked_telephone_sent(
    client: APIClient, operator: Any
) -> None:
    family = register.family()
    sent = operation(payload(family))
    push(client, sent)
    Device.objects.update(revoked_at=timezone.now())
    told = payload(family, quantity="90") | {"supersedes": sent["entity_id"], "reason": "Error."}
    push(client, operation(told, action="correct"))
    inbox.retry_operation(
        actor=operator, operation=Operation.objects.waiting().get(), reason="Es cierto."
    )
    assert Delivery.objects.valid().get().quantity == 90


def test_what_was_discarded_before_anybody_looked_is_not_taken_when_it_comes_again(
    client: APIClient, operator: Any
) -> None:
    sent = operation(payload(register.family()))
    push(client, sent)
    kept = Operation.objects.get()
    other = operation(payload(register.family("Cerda")))
    unseen = Operation.objects.create(
        op_id=other["op_id"],
        entity="delivery",
        entity_id=other["entity_id"],
        action="create",
        digest=_digest(other),
        raw=json.dumps(other),
        user=operator,
        device=kept.device,
        received_at=timezone.now(),
    )
    inbox.discard_operation(actor=operator, operation=unseen, reason="Era una prueba.")
    assert results_of(push(client, other)) == ["held"]
    assert Delivery.objects.count() == 1


def _digest(sent: dict[str, Any]) -> str:
    return content_digest("delivery", sent["entity_id"], "create", sent["payload"])


def test_a_conflict_whose_own_key_is_free_keeps_it(client: APIClient, operator: Any) -> None:
    """The same operation number, another delivery: registered by the office and sent once more
    under a number of its own, it is still one."""
    family = register.family()
    first = operation(payload(family))
    other = first | {"entity_id": str(uuid.uuid4()), "payload": payload(family, quantity="50")}
    push(client, first)
    assert results_of(push(client, other)) == ["conflict"]
    inbox.retry_operation(
        actor=operator, operation=Operation.objects.waiting().get(), reason="Son dos."
    )
    assert results_of(push(client, other | {"op_id": str(uuid.uuid4())})) == ["duplicate"]
    assert Delivery.objects.count() == 2


def test_a_correction_passes_over_no_field(client: APIClient, operator: Any) -> None:
    family = register.family()
    sent = operation(payload(family))
    push(client, sent)
    told = payload(family) | {"supersedes": sent["entity_id"], "reason": "Error.", "tare": "5"}
    (answer,) = push(client, operation(told, action="correct"))
    assert (answer["result"], answer["errors"][0]["code"]) == ("held", "unknown_field")


def test_a_correction_by_the_office_leaves_the_delivery_to_who_weighed(world: Any) -> None:
    agent, office = make_account("center_operator"), make_account("manager")
    family = register.family()
    first = deliveries.receive_delivery(actor=agent, told=payload(family))
    second = deliveries.correct_delivery(
        actor=office, delivery=first, told=payload(family, quantity="90"), reason="Error."
    )
    assert second.agent == agent


def test_a_conflict_tells_nothing_of_the_other_delivery(client: APIClient) -> None:
    said = payload(register.family())
    sent = operation(said)
    push(client, sent)
    other = sent | {"op_id": str(uuid.uuid4()), "payload": said | {"quantity": "5"}}
    (answer,) = push(client, other)
    assert (answer["result"], answer["folio"]) == ("conflict", None)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 480 + b"]" * 480,
        json.dumps({"kallari_outbox": 1, "operations": [1] * 10}).encode(),
        json.dumps({"kallari_outbox": 1, "operations": [{}] * 5001}).encode(),
        b'{"kallari_outbox": 1, "operations": NaN}',
        b"\xff\xfe",
    ],
    ids=["deep", "numbers", "too many", "no number", "no text"],
)
def test_a_file_that_is_no_outbox_is_refused_whole(operator: Any, content: bytes) -> None:
    with pytest.raises(ValidationError) as error:
        inbox.take_outbox_file(actor=operator, content=content)
    assert error.value.code == "no_outbox"
    assert not Operation.objects.exists()


def test_an_unknown_entity_shows_nobodys_number_to_who_may_not_identify(
    client: APIClient, operator: Any
) -> None:
    sent = operation({"cedula": "1500123458", "note": "secreto"}, entity="Person")
    push(client, sent)
    page = sign_in(Client(), operator).get(Operation.objects.get().get_absolute_url())
    text = page.content.decode()
    assert "1500123458" not in text
    assert "secreto" not in text


def test_a_chakra_and_its_first_delivery_come_in_one_push(world: Any) -> None:
    agent = make_account("extension_agent")
    family = register.family()
    CommunityAssignment.objects.create(user=agent, community=family.community)
    program = APIClient()
    sign_in(program, agent)
    chakra = operation({"family": str(family.pk), "name": "La loma"}, entity="chakra")
    shares = [{"chakra": chakra["entity_id"], "share": "1"}]
    weighed = operation(payload(family, chakras=shares))
    assert results_of(push(program, weighed, chakra)) == ["created", "created"]


def test_a_photograph_that_comes_under_two_operations_is_kept_once(world: Any) -> None:
    agent = make_account("extension_agent")
    chakra = register.chakra()
    CommunityAssignment.objects.create(user=agent, community=chakra.family.community)
    program = APIClient()
    sign_in(program, agent)
    told = {
        "chakra": str(chakra.pk),
        "jpeg": base64.b64encode(picture()).decode(),
        "taken_on": "2026-03-02",
    }
    sent = operation(told, entity="photograph")
    again = sent | {"op_id": str(uuid.uuid4())}
    assert results_of([*push(program, sent), *push(program, again)]) == ["created", "duplicate"]
    assert ChakraPhotograph.objects.count() == 1


# --- What telephones carry along ------------------------------------------------------------------


def test_a_renamed_partner_comes_with_the_next_pull(client: APIClient) -> None:
    partner = register.partner()
    version = pull(client)["version"]
    persons.correct_person(
        actor=None, person=partner.person, given_names="Rosa Delfina", reason="Error."
    )
    assert [row["name"] for row in rows(pull(client, version), "partners")] == [
        "Rosa Delfina Grefa Andi"
    ]


def test_a_family_that_moves_away_takes_partner_and_chakras_along(world: Any) -> None:
    agent = make_account("extension_agent")
    partner = register.partner()
    chakra = register.chakra(of=partner.family)
    CommunityAssignment.objects.create(user=agent, community=partner.family.community)
    program = APIClient()
    sign_in(program, agent)
    version = pull(program)["version"]
    families.correct_family(
        actor=None,
        family=partner.family,
        community=register.community("Pano"),
        reason="Se mudó.",
    )
    assert pull(program, version)["gone"] == {
        "families": [str(partner.family_id)],
        "partners": [str(partner.pk)],
        "chakras": [str(chakra.pk)],
    }
