"""What a telephone carries along: everything once, then what changed, and what is gone."""

from __future__ import annotations

import gzip
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from harvests.models import Quota
from harvests.pull import FIELDS, settled_upto
from harvests.services import prices
from members.models import CommunityAssignment, Family
from members.services import families
from tests.harvests import factories
from tests.members import certified
from tests.members import factories as register
from tests.people import make_account, sign_in
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
PULL = "/api/v1/sync/pull/"
HELLO = "/api/v1/sync/hello/"


@pytest.fixture
def world() -> Any:
    return factories.world()


def program_of(user: Any) -> APIClient:
    program = APIClient()
    sign_in(program, user)
    return program


@pytest.fixture
def client(world: Any) -> APIClient:
    return program_of(make_account("center_operator"))


def pull(client: APIClient, since: str = "") -> dict[str, Any]:
    answer = client.get(PULL, {"since": since} if since else {})
    assert answer.status_code == 200
    pulled: dict[str, Any] = json.loads(answer.content)
    return pulled


def rows(pulled: dict[str, Any], table: str) -> list[dict[str, Any]]:
    found = pulled["tables"].get(table, {"fields": [], "rows": []})
    return [dict(zip(found["fields"], row, strict=True)) for row in found["rows"]]


def test_the_first_pull_brings_everything(client: APIClient, world: Any) -> None:
    partner = register.partner()
    chakra = register.chakra(of=partner.family)
    certified.certified(chakra)
    pulled = pull(client)
    assert pulled["full"] is True
    assert set(pulled["tables"]) == set(FIELDS)
    assert rows(pulled, "partners") == [
        {
            "id": str(partner.pk),
            "number": partner.number,
            "name": "Rosa Elena Grefa Andi",
            "family": partner.family.number,
            "card": "",
            "standing": "registered",
        }
    ]
    assert [row["class"] for row in rows(pulled, "chakras")] == ["organic"]
    assert [row["people"] for row in rows(pulled, "families")] == [[]]
    baba = next(row for row in rows(pulled, "forms") if row["code"] == "baba")
    assert (baba["late_days"], baba["unit"], baba["counted"]) == (7, "lb", "weight")
    price = next(
        row
        for row in rows(pulled, "prices")
        if (row["quality"], row["class"]) == ("baba-primera", "organic")
    )
    assert (price["price_usd"], price["premium_usd"]) == ("0.4200", "0.0300")


def test_the_next_pull_brings_what_changed_alone(client: APIClient) -> None:
    register.family("Andi")
    moved = register.family("Cerda")
    version = pull(client)["version"]
    again = pull(client, version)
    assert (again["full"], again["tables"], again["gone"]) == (False, {}, {})
    families.correct_family(actor=None, family=moved, name="Cerda Andi", reason="Error.")
    changed = pull(client, again["version"])
    assert [row["name"] for row in rows(changed, "families")] == ["Cerda Andi"]
    assert set(changed["tables"]) == {"families"}


def test_what_is_closed_is_told_as_gone(client: APIClient) -> None:
    family = register.family()
    version = pull(client)["version"]
    families.close_family(
        actor=None, family=family, closed_on=timezone.localdate(), reason="Se fue."
    )
    assert pull(client, version)["gone"] == {"families": [str(family.pk)]}


def test_a_new_price_brings_all_prices(client: APIClient, world: Any) -> None:
    version = pull(client)["version"]
    draft = factories.draft((world.primera, "conventional", "0.50"), resolution="Resolución 2")
    prices.publish_price_list(actor=None, price_list=draft)
    changed = pull(client, version)
    assert set(changed["tables"]) == {"prices"}
    assert "0.5000" in [row["price_usd"] for row in rows(changed, "prices")]


def test_a_draft_is_not_carried_along(client: APIClient, world: Any) -> None:
    factories.draft((world.primera, "conventional", "9.99"))
    assert "9.9900" not in [row["price_usd"] for row in rows(pull(client), "prices")]


def test_time_itself_changes_a_class(client: APIClient) -> None:
    chakra = register.chakra()
    tomorrow = timezone.localdate() + timedelta(days=1)
    row = certified.in_transition(chakra)
    row.starts_on = tomorrow
    row.status = "certified"
    row.resolution = "Informe 7"
    row._change_reason = "Prueba."
    row.save()
    first = pull(client)
    assert [row["class"] for row in rows(first, "chakras")] == ["conventional"]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        user = make_account("center_operator", username="otra")
        mine = pull(program_of(user))
        assert [row["class"] for row in rows(mine, "chakras")] == ["organic"]
        scope, _day, history = mine["version"].split(".")
        yesterday = (tomorrow - timedelta(days=1)).strftime("%Y%m%d")
        changed = pull(program_of(user), f"{scope}.{yesterday}.{history}")
    assert [row["class"] for row in rows(changed, "chakras")] == ["organic"]


def test_an_agent_carries_its_own_communities(world: Any) -> None:
    agent = make_account("extension_agent")
    here = register.family(of=register.community("Shandia"))
    elsewhere = register.family("Cerda", of=register.community("Pano"))
    CommunityAssignment.objects.create(user=agent, community=here.community)
    program = program_of(agent)
    pulled = pull(program)
    assert [row["id"] for row in rows(pulled, "families")] == [str(here.pk)]
    CommunityAssignment.objects.create(user=agent, community=elsewhere.community)
    again = pull(program, pulled["version"])
    assert again["full"] is True  # what it may see has changed
    assert len(rows(again, "families")) == 2


@pytest.mark.parametrize("since", ["0", "x", "ffffffffffff.20260101.5", "a.b.c", "1" * 300])
def test_a_version_that_is_not_known_brings_everything(client: APIClient, since: str) -> None:
    assert pull(client, since)["full"] is True


@pytest.mark.django_db(transaction=True)
def test_a_row_on_its_way_during_one_pull_comes_with_the_next() -> None:
    factories.world()
    community = register.community("Shandia")
    program = program_of(make_account("center_operator"))
    written, pulled = threading.Event(), threading.Event()
    versions: list[str] = []

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                register.family("Lenta", of=community)  # draws its number of history now
                written.set()
                pulled.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    written.wait(10)
    register.community("Pano")  # a greater number, committed at once
    first = pull(program)
    versions.append(first["version"])
    pulled.set()
    thread.join()
    assert "Lenta" not in [row["name"] for row in rows(first, "families")]
    assert "Lenta" in [row["name"] for row in rows(pull(program, versions[0]), "families")]


@pytest.mark.django_db(transaction=True)
def test_the_newest_number_alone_would_miss_it() -> None:
    """The twin: without waiting, the number is past a row that nobody can see yet."""
    community = register.community("Shandia")
    written, looked = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                register.family("Lenta", of=community)
                written.set()
                looked.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    written.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM kallari_history_id_seq")
        newest = cursor.fetchone()[0]
    assert settled_upto(0) == 0  # somebody is still writing: it stays where it was
    looked.set()
    thread.join()
    number = Family.history.get(name="Lenta").history_id
    assert number <= newest


def test_quotas_are_carried_with_what_was_delivered(client: APIClient, world: Any) -> None:
    today = timezone.localdate()
    Quota.objects.create(
        form=world.hoja, starts_on=today, ends_on=today, limit_kg=100, resolution="Acta 3"
    )
    (quota,) = rows(pull(client), "quotas")
    assert (quota["form"], quota["limit_kg"], quota["delivered_kg"]) == (
        "hoja",
        "100.000",
        "0.000",
    )


def test_a_pull_asks_as_often_for_three_families_as_for_thirty(client: APIClient) -> None:
    for number in range(3):
        register.partner(register.person(f"Apellido {number}", of=register.family(f"F {number}")))
    few = len(queries_of(lambda: pull(client)))
    for number in range(27):
        register.family(f"G {number}")
    assert len(queries_of(lambda: pull(client))) == few


def test_the_full_register_stays_under_a_hundred_kilobytes(db: None) -> None:
    call_command("demo", scale="full", verbosity=0)
    program = program_of(make_account("center_operator", username="balanza"))
    answer = program.get(PULL, headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    families_sent = json.loads(gzip.decompress(answer.content))["tables"]["families"]["rows"]
    assert len(families_sent) > 800
    assert len(answer.content) < 100_000


# --- Hello ----------------------------------------------------------------------------------------


def test_hello_tells_where_the_server_stands(client: APIClient) -> None:
    device = factories.device()
    told = client.get(HELLO, {"device": str(device.pk)}).data
    assert (told["oldest_schema"], told["newest_schema"]) == (1, 1)
    assert told["device"] == {
        "id": str(device.pk),
        "name": "Teléfono de Wilmer",
        "state": "known",
        "last_seq": None,
    }
    assert told["csrf_token"]
    assert told["user"]["may_receive"] is True


def test_hello_knows_revoked_and_unknown_devices(client: APIClient) -> None:
    device = factories.device(revoked_at=timezone.now())
    assert client.get(HELLO, {"device": str(device.pk)}).data["device"]["state"] == "revoked"
    key = "5c1e0000-0000-4000-8000-000000000000"
    assert client.get(HELLO, {"device": key}).data["device"]["state"] == "unknown"
    assert client.get(HELLO, {"device": "x"}).status_code == 400
    assert client.get(HELLO).data["device"] is None


@pytest.mark.parametrize("address", [HELLO, PULL])
@pytest.mark.parametrize(("actor", "status"), [("anonymous", 401), ("delegate", 404)])
def test_who_may_not_receive_carries_nothing_along(
    api_client_of: Any, address: str, actor: str, status: int
) -> None:
    assert api_client_of(actor).get(address).status_code == status
