"""Nothing is lost, nothing is doubled: what telephones push, again and again and at once."""

from __future__ import annotations

import json
import threading
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from harvests.intake import inbox as looking
from harvests.models import (
    CollectionCenter,
    Delivery,
    DeliveryAlert,
    Device,
    FolioSeries,
    Operation,
)
from harvests.services import inbox
from harvests.services.deliveries import void_delivery
from members.models import CommunityAssignment, Person
from tests.harvests import factories
from tests.harvests.telephones import operation, payload
from tests.members import factories as register
from tests.people import make_account, sign_in

pytestmark = pytest.mark.django_db
PUSH = "/api/v1/sync/push/"


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


def push(client: APIClient, *operations: Any) -> list[dict[str, Any]]:
    # Letters beyond ASCII escaped: half a letter (a lone surrogate) can travel only so.
    body = json.dumps({"operations": operations})
    answer = client.post(PUSH, body, content_type="application/json")
    assert answer.status_code == 200, answer.data
    results: list[dict[str, Any]] = answer.data["results"]
    return results


def results_of(answers: list[dict[str, Any]]) -> list[str]:
    return [one["result"] for one in answers]


# --- Once, whatever the network does --------------------------------------------------------------


def test_the_same_push_three_times_makes_one_delivery(client: APIClient) -> None:
    sent = operation(payload(register.family()))
    first, second, third = (push(client, sent)[0] for _each in range(3))
    assert [one["result"] for one in (first, second, third)] == [
        "created",
        "duplicate",
        "duplicate",
    ]
    assert first["folio"] == second["folio"] == third["folio"] == "TENA-2026-000001"
    assert Delivery.objects.count() == 1
    assert Operation.objects.get().times_received == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_push_by_twenty_threads_at_once_makes_one_delivery(operator: Any) -> None:
    sent = operation(payload(register.family()))
    answers: list[dict[str, Any]] = []
    problems: list[BaseException] = []
    together = threading.Barrier(20)

    def send() -> None:
        try:
            program = APIClient()
            sign_in(program, operator)
            together.wait()
            answers.extend(push(program, sent))
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _each in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert Counter(results_of(answers)) == {"created": 1, "duplicate": 19}
    assert {one["folio"] for one in answers} == {"TENA-2026-000001"}
    assert Delivery.objects.count() == 1
    assert Operation.objects.get().result == "created"


def test_a_week_later_it_is_still_a_duplicate(client: APIClient) -> None:
    sent = operation(payload(register.family()))
    (first,) = push(client, sent)
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        sign_in(client, make_account("center_operator", username="otra"))
        (again,) = push(client, sent)
    assert (again["result"], again["folio"]) == ("duplicate", first["folio"])


def test_the_same_delivery_under_another_operation_is_a_duplicate(client: APIClient) -> None:
    """A telephone that lost its outbox's numbers sends the same delivery anew."""
    sent = operation(payload(register.family()))
    again = sent | {"op_id": str(uuid.uuid4())}
    assert results_of([*push(client, sent), *push(client, again)]) == ["created", "duplicate"]


def test_the_order_of_keys_and_nulls_make_no_other_content(client: APIClient) -> None:
    said = payload(register.family())
    sent = operation(said)
    turned = dict(reversed(list((said | {"note": None}).items())))
    push(client, sent)
    assert results_of(push(client, sent | {"payload": turned})) == ["duplicate"]


@pytest.mark.parametrize("under_the_same_operation", [True, False])
def test_the_same_id_with_another_weight_is_a_conflict(
    client: APIClient, under_the_same_operation: bool
) -> None:
    said = payload(register.family())
    sent = operation(said)
    push(client, sent)
    other = sent | {"payload": said | {"quantity": "120"}}
    if not under_the_same_operation:
        other["op_id"] = str(uuid.uuid4())
    (answer,) = push(client, other)
    assert answer["result"] == "conflict"
    assert [one["code"] for one in answer["errors"]] == ["other_content"]
    assert Delivery.objects.get().quantity == 100  # nothing changed
    kept = [json.loads(raw)["payload"]["quantity"] for raw in _raws()]
    assert sorted(kept) == ["100", "120"]  # both are in the inbox
    assert results_of(push(client, other)) == ["conflict"]


def _raws() -> list[str]:
    return list(Operation.objects.values_list("raw", flat=True))


def test_nine_good_and_one_bad_make_nine_and_one_held(client: APIClient) -> None:
    family = register.family()
    sent = [operation(payload(family, quantity=str(10 * number))) for number in range(1, 11)]
    sent[4]["payload"]["product_form"] = "no-hay"
    answers = push(client, *sent)
    assert Counter(results_of(answers)) == {"created": 9, "held": 1}
    assert answers[4]["result"] == "held"
    assert [(one["field"], one["code"]) for one in answers[4]["errors"]] == [
        ("product_form", "does_not_exist")
    ]
    folios = [one["folio"] for one in answers if one["folio"]]
    assert folios == [f"TENA-2026-{number:06d}" for number in range(1, 10)]


def test_what_breaks_a_law_of_the_database_is_held_and_takes_no_good_one_with_it(
    client: APIClient,
) -> None:
    """A weight that no column holds gets past the reading: 999,999,999 lb are too heavy."""
    family = register.family()
    bad = operation(payload(family, quantity="999999999", unit="lb"))
    good = operation(payload(family))
    assert results_of(push(client, bad, good)) == ["held", "created"]


def test_twice_in_one_push_is_once(client: APIClient) -> None:
    sent = operation(payload(register.family()))
    other = sent | {"payload": sent["payload"] | {"quantity": "50"}}
    answers = push(client, sent, sent, other)
    assert results_of(answers)[0] == "created"
    assert results_of(answers)[2] == "conflict"
    assert Delivery.objects.get().quantity == 100


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_folios_two_would_get_one_number(operator: Any) -> None:
    """The twin of the race: numbers read without a lock are given twice."""
    FolioSeries.objects.create(center=CollectionCenter.objects.get(), year=2026, last=7)
    drawn: list[int] = []
    together = threading.Barrier(2)

    def draw() -> None:
        try:
            with transaction.atomic():
                last = FolioSeries.objects.get(year=2026).last
                together.wait()
                FolioSeries.objects.filter(year=2026).update(last=last + 1)
            drawn.append(last + 1)
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [8, 8]


# --- Kept, whatever it is -------------------------------------------------------------------------


def test_what_cannot_be_read_is_rejected_and_kept(client: APIClient) -> None:
    sent: list[Any] = [5, None, "x", [], {"op_id": "no"}, {"entity": "delivery"}]
    answers = push(client, *sent)
    assert set(results_of(answers)) == {"rejected"}
    assert Operation.objects.count() == len(sent)
    assert set(Operation.objects.values_list("is_open", flat=True)) == {True}


@pytest.mark.parametrize(
    ("envelope", "code"),
    [
        ({"schema": 99}, "unknown_schema"),
        ({"entity": "tractor"}, "unknown_entity"),
        ({"action": "remove"}, "unknown_entity"),
        ({"entity_id": "x"}, "invalid"),
        ({"device_id": None}, "required"),
        ({"payload": []}, "required"),
        ({"clock_offset_ms": "mañana"}, "invalid"),
        ({"something": 1}, "unknown_field"),
    ],
)
def test_what_cannot_be_understood_is_held(
    client: APIClient, envelope: dict[str, Any], code: str
) -> None:
    sent = operation(payload(register.family())) | envelope
    (answer,) = push(client, sent)
    assert answer["result"] == "held"
    assert code in [one["code"] for one in answer["errors"]]
    assert Operation.objects.get().is_open


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"quantity": "muchos"}, "quantity"),
        ({"quantity": "1e9"}, "quantity"),
        ({"quantity": "-5"}, "quantity"),
        ({"quantity": "1,5"}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"unit": "saco"}, "unit"),
        ({"weighed_at": "2026-03-02T08:30:00"}, "weighed_at"),
        ({"weighed_at": "ayer"}, "weighed_at"),
        ({"harvested_on": "2026-02-30"}, "harvested_on"),
        ({"note": "a\u202eb"}, "note"),
        ({"note": "\x00"}, "note"),
        ({"note": "\ud800"}, "note"),
        ({"chakras": "todas"}, "chakras"),
        ({"position": {"type": "Point", "coordinates": [200, 0]}}, "position"),
        ({"family": "5c1e"}, "family"),
        ({"\x00\ud800": 1}, ""),
    ],
)
def test_a_field_that_cannot_be_understood_is_named(
    client: APIClient, told: dict[str, Any], field: str
) -> None:
    (answer,) = push(client, operation(payload(register.family()) | told))
    assert answer["result"] == "held"
    assert field in [one["field"] for one in answer["errors"]]


def test_an_empty_push_is_answered_with_nothing(client: APIClient) -> None:
    assert push(client) == []


@pytest.mark.parametrize("body", [{}, {"operations": 5}, [], "x"])
def test_a_body_that_is_no_push_is_refused_and_acknowledges_nothing(
    client: APIClient, body: Any
) -> None:
    assert client.post(PUSH, body, format="json").status_code == 400


def test_more_than_five_hundred_are_refused_whole(client: APIClient) -> None:
    answer = client.post(PUSH, {"operations": [{}] * 501}, format="json")
    assert (answer.status_code, answer.data["errors"][0]["code"]) == (400, "too_many")
    assert not Operation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_cannot_be_changed_or_removed_with_sql(client: APIClient) -> None:
    push(client, operation(payload(register.family())))
    connection.check_constraints()  # as at a commit: what still waits for one is not truncated
    for statement in (
        "UPDATE harvests_operation SET raw = '{}'",
        "UPDATE harvests_operation SET op_id = gen_random_uuid()",
        "UPDATE harvests_operation SET result = 'held'",
        "UPDATE harvests_operation SET folio = 'TENA-2026-000099'",
        "DELETE FROM harvests_operation",
        "TRUNCATE harvests_operation CASCADE",
    ):
        with connection.cursor() as cursor, pytest.raises(Exception, match=r"append-only|never"):
            with transaction.atomic():
                cursor.execute(statement)


def test_what_was_written_down_and_not_looked_at_is_taken_when_it_comes_again(
    client: APIClient, operator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes away between writing down and looking."""
    sent = operation(payload(register.family()))

    def power_goes_away(*_args: Any, **_kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(looking, "receive", power_goes_away)
        with pytest.raises(SystemExit):
            inbox.take_push(actor=operator, operations=[sent])
    waiting = Operation.objects.get()
    assert (waiting.result, waiting.is_open) == ("", True)
    assert results_of(push(client, sent)) == ["created"]


# --- Clocks ---------------------------------------------------------------------------------------


def hours(number: int) -> int:
    return number * 3600 * 1000


@pytest.mark.parametrize(
    ("wrong_by", "offset_ms"),
    [(26, -hours(26)), (26, 0), (26, None), (-26, hours(26))],
)
def test_a_clock_26_hours_wrong_is_corrected_and_flagged_never_in_the_future(
    client: APIClient, wrong_by: int, offset_ms: int | None
) -> None:
    now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    shown = (now + timedelta(hours=wrong_by)).isoformat()
    with time_machine.travel(now, tick=False):
        sign_in(client, make_account("center_operator", username="reloj"))
        sent = operation(payload(register.family(), weighed_at=shown), clock_offset_ms=offset_ms)
        assert results_of(push(client, sent)) == ["created"]
    delivery = Delivery.objects.get()
    assert delivery.weighed_at == now
    assert delivery.told_weighed_at == now + timedelta(hours=wrong_by)
    alert = delivery.alerts.get()
    assert (alert.kind, alert.is_open) == ("clock", False)


def test_a_clock_that_is_right_is_not_flagged(client: APIClient) -> None:
    push(client, operation(payload(register.family()), clock_offset_ms=-1200))
    delivery = Delivery.objects.get()
    assert not delivery.alerts.exists()
    assert delivery.weighed_at == datetime(2026, 3, 2, 13, 29, 58, 800_000, tzinfo=UTC)


# --- Devices --------------------------------------------------------------------------------------


def test_a_device_is_known_from_its_first_message(client: APIClient, operator: Any) -> None:
    key = uuid.uuid4()
    push(client, operation(payload(register.family()), device=key))
    device = Device.objects.get()
    assert (device.pk, device.user) == (key, operator)
    assert Delivery.objects.get().device == device


def test_what_a_revoked_device_sends_is_kept_and_held(client: APIClient) -> None:
    device = factories.device()
    Device.objects.filter(pk=device.pk).update(revoked_at=timezone.now())
    (answer,) = push(client, operation(payload(register.family()), device=device.pk))
    assert answer["result"] == "held"
    assert [one["code"] for one in answer["errors"]] == ["device_revoked"]
    assert not Delivery.objects.exists()
    assert Operation.objects.waiting().count() == 1


def test_two_agents_weighing_one_sack_in_one_push_appear_for_review(client: APIClient) -> None:
    family = register.family()
    push(client, operation(payload(family)), operation(payload(family, quantity="99")))
    assert DeliveryAlert.objects.waiting().get().kind == "double"


# --- Who may --------------------------------------------------------------------------------------


def test_an_agent_hands_in_for_its_own_communities_alone(world: Any) -> None:
    agent = make_account("extension_agent")
    here = register.family(of=register.community("Shandia"))
    elsewhere = register.family("Cerda", of=register.community("Pano"))
    CommunityAssignment.objects.create(user=agent, community=here.community)
    program = APIClient()
    sign_in(program, agent)
    answers = push(program, operation(payload(here)), operation(payload(elsewhere)))
    assert results_of(answers) == ["created", "held"]
    assert answers[1]["errors"][0]["code"] == "does_not_exist"


@pytest.mark.parametrize(("actor", "status"), [("anonymous", 401), ("delegate", 404)])
def test_who_may_not_receive_is_acknowledged_nothing(
    api_client_of: Any, actor: str, status: int
) -> None:
    answer = api_client_of(actor).post(PUSH, {"operations": [operation({})]}, format="json")
    assert answer.status_code == status
    assert not Operation.objects.exists()


# --- In bulk --------------------------------------------------------------------------------------


def test_five_hundred_take_as_few_queries_as_five(client: APIClient) -> None:
    families = [register.family(f"Familia {number}") for number in range(5)]

    def asked(number: int) -> int:
        sent = [
            operation(payload(families[place % 5], quantity=str(place + 1)))
            for place in range(number)
        ]
        with CaptureQueriesContext(connection) as queries:
            assert set(results_of(push(client, *sent))) == {"created"}
        return len(queries)

    asked(5)
    few, many = asked(5), asked(500)
    assert many <= few <= 30


# --- Corrections and other entities ---------------------------------------------------------------


def test_a_telephone_corrects_and_voids_what_it_weighed(client: APIClient) -> None:
    family = register.family()
    sent = operation(payload(family))
    push(client, sent)
    corrected = operation(
        payload(family, quantity="90") | {"supersedes": sent["entity_id"], "reason": "Error."},
        action="correct",
    )
    (answer,) = push(client, corrected)
    assert (answer["result"], answer["folio"]) == ("created", "TENA-2026-000002")
    assert results_of(push(client, corrected)) == ["duplicate"]
    void = operation({"reason": "Se la llevó."}, action="void")
    void["entity_id"] = corrected["entity_id"]
    assert results_of([*push(client, void), *push(client, void)]) == ["created", "duplicate"]
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["superseded", "voided"]


def test_an_agent_does_not_mend_what_another_weighed(client: APIClient) -> None:
    family = register.family()
    sent = operation(payload(family))
    push(client, sent)
    agent = make_account("extension_agent")
    CommunityAssignment.objects.create(user=agent, community=family.community)
    other = APIClient()
    sign_in(other, agent)
    void = operation({"reason": "No fue."}, action="void", entity_id=sent["entity_id"])
    (answer,) = push(other, void)
    assert (answer["result"], answer["errors"][0]["code"]) == ("held", "does_not_exist")
    assert Delivery.objects.get().is_valid


@pytest.fixture
def agent(world: Any) -> APIClient:
    user = make_account("extension_agent")
    CommunityAssignment.objects.create(user=user, community=register.community("Shandia"))
    program = APIClient()
    sign_in(program, user)
    return program


def test_a_person_met_in_the_field_goes_through_the_door_of_people(agent: APIClient) -> None:
    sent = operation(
        {
            "family": str(register.family().pk),
            "surnames": "Grefa Andi",
            "given_names": "Sisa",
            "sex": "F",
            "cedula_missing_reason": "perdida, en trámite",
        },
        entity="person",
    )
    (answer,) = push(agent, sent)
    assert (answer["result"], answer["errors"]) == ("created", [])
    assert str(Person.objects.get().pk) == sent["entity_id"]
    assert results_of(push(agent, sent)) == ["duplicate"]


def test_a_boundary_that_was_walked_is_a_version_once(agent: APIClient) -> None:
    chakra = register.chakra()
    sent = operation(
        {
            "geometry": register.square(),
            "accuracy_m": "6.0",
            "captured_on": "2026-03-02",
            "method": "walk",
        },
        entity="chakra",
        action="correct",
        entity_id=str(chakra.pk),
    )
    assert results_of([*push(agent, sent), *push(agent, sent)]) == ["created", "duplicate"]
    assert chakra.geometries.count() == 1


def test_a_boundary_that_crosses_itself_is_held_in_the_words_of_chakras(agent: APIClient) -> None:
    ring = [[-77.8, -1.0], [-77.79, -0.99], [-77.79, -1.0], [-77.8, -0.99], [-77.8, -1.0]]
    sent = operation(
        {
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "captured_on": "2026-03-02",
            "method": "walk",
        },
        entity="chakra",
        action="correct",
        entity_id=str(register.chakra().pk),
    )
    (answer,) = push(agent, sent)
    assert answer["result"] == "held"
    assert answer["errors"][0]["message"]


# --- What the office decides ----------------------------------------------------------------------


def test_what_waited_for_a_price_is_registered_once_there_is_one(
    world: Any, client: APIClient, operator: Any
) -> None:
    sent = operation(payload(register.family(), weighed_at="2023-12-01T09:00:00-05:00"))
    assert results_of(push(client, sent)) == ["held"]
    factories.price_list(
        (world.primera, "conventional", "0.25"),
        valid_from=datetime(2023, 11, 1, tzinfo=factories.GUAYAQUIL),
    )
    decision = inbox.retry_operation(
        actor=operator, operation=Operation.objects.get(), reason="Ya hay precio."
    )
    assert decision.folio == "TENA-2023-000001"
    delivery = Delivery.objects.get()
    assert str(delivery.pk) == sent["entity_id"]
    assert delivery.unit_price_usd == Decimal("0.25")
    (again,) = push(client, sent)
    assert (again["result"], again["folio"]) == ("duplicate", "TENA-2023-000001")
    assert not Operation.objects.waiting().exists()


def test_a_conflict_can_be_registered_as_a_delivery_of_its_own(
    client: APIClient, operator: Any
) -> None:
    said = payload(register.family())
    sent = operation(said)
    other = sent | {"op_id": str(uuid.uuid4()), "payload": said | {"quantity": "50"}}
    push(client, sent)
    push(client, other)
    inbox.retry_operation(
        actor=operator, operation=Operation.objects.waiting().get(), reason="Son dos sacos."
    )
    assert sorted(Delivery.objects.values_list("quantity", flat=True)) == [50, 100]


def contradicted(client: APIClient) -> Operation:
    """100 lb on record, and 50 lb that came under the same key."""
    said = payload(register.family())
    sent = operation(said)
    other = sent | {"op_id": str(uuid.uuid4()), "payload": said | {"quantity": "50"}}
    assert results_of(push(client, sent, other)) == ["created", "conflict"]
    return Operation.objects.waiting().get()


def test_a_conflict_can_correct_what_is_on_record(client: APIClient, operator: Any) -> None:
    row = contradicted(client)
    decision = inbox.correct_with_what_came(actor=operator, operation=row, reason="Era menos.")
    valid = Delivery.objects.valid().get()
    assert (valid.quantity, valid.folio) == (Decimal(50), decision.folio)
    (again,) = push(client, json.loads(row.raw))
    assert (again["result"], again["folio"]) == ("duplicate", decision.folio)
    with pytest.raises(ValidationError) as refused:
        inbox.correct_with_what_came(actor=operator, operation=row, reason="Era menos.")
    assert refused.value.code == "decided"


def test_a_delivery_corrected_meanwhile_is_not_corrected_by_what_came(
    client: APIClient, operator: Any
) -> None:
    row = contradicted(client)
    void_delivery(actor=operator, delivery=Delivery.objects.get(), reason="No fue.")
    with pytest.raises(ValidationError) as refused:
        inbox.correct_with_what_came(actor=operator, operation=row, reason="Era menos.")
    assert refused.value.code == "not_valid"
    assert Operation.objects.waiting().get() == row


def correct_twice_at_once(actor: Any, row: Operation) -> list[str]:
    """What two people get who decide the same at once: a folio, or the code of a refusal."""
    got: list[str] = []
    together = threading.Barrier(2)

    def decide() -> None:
        try:
            together.wait()
            made = inbox.correct_with_what_came(actor=actor, operation=row, reason="Era menos.")
            got.append(made.verdict)
        except ValidationError as refused:
            got.append(refused.code or "")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(got)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_the_second_finds_it_decided(
    client: APIClient, operator: Any
) -> None:
    row = contradicted(client)
    assert correct_twice_at_once(operator, row) == ["corrected", "decided"]
    assert Delivery.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_operation_both_would_go_on_to_correct(
    client: APIClient, operator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the race: only the lock of the delivery holds the second back then."""
    row = contradicted(client)
    both = threading.Barrier(2)

    def unlocked(operation: Operation) -> Operation:
        found = Operation.objects.get(pk=operation.pk)
        both.wait()
        assert found.is_open
        return found

    monkeypatch.setattr(inbox, "_waiting", unlocked)
    assert correct_twice_at_once(operator, row) == ["corrected", "not_valid"]


def test_what_is_discarded_stays_as_it_came(client: APIClient, operator: Any) -> None:
    sent = operation(payload(register.family(), product_form="no-hay"))
    push(client, sent)
    inbox.discard_operation(
        actor=operator, operation=Operation.objects.get(), reason="Fue una prueba."
    )
    kept = Operation.objects.get()
    assert (json.loads(kept.raw), kept.is_open, kept.result) == (sent, False, "held")
    assert results_of(push(client, sent)) == ["held"]
    assert not Operation.objects.waiting().exists()


def test_an_outbox_file_is_taken_in_once(client: APIClient, operator: Any) -> None:
    sent = [operation(payload(register.family())) for _each in range(3)]
    content = json.dumps({"kallari_outbox": 1, "operations": sent}).encode()
    first = inbox.take_outbox_file(actor=operator, content=content)
    again = inbox.take_outbox_file(actor=operator, content=content)
    assert results_of(first) == ["created"] * 3
    assert results_of(again) == ["duplicate"] * 3
