"""Communities and their spellings: what the register takes, and what it refuses."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.utils import timezone

from kallari.accounts.models import User
from kallari.history.context import acting
from members.models import Community, CommunityAlias
from members.services import communities as services
from tests.members.factories import community

pytestmark = pytest.mark.django_db

REASON = "Así lo dice el acta."


def codes(error: pytest.ExceptionInfo[ValidationError]) -> set[str | None]:
    return {
        item.code
        for items in getattr(error.value, "error_dict", {"": [error.value]}).values()
        for item in items
    }


@pytest.mark.parametrize(
    "name", ["Santa Bárbara", "  SANTA   BARBARA ", "Santabárbara", "Santa-Barbara"]
)
def test_a_name_means_one_community(name):
    community("Santa Bárbara")
    with pytest.raises(ValidationError) as error:
        community(name)
    assert codes(error) == {"spelling_taken"}
    assert services.add_community(actor=None, name="Santa Rosa").name == "Santa Rosa"


@pytest.mark.parametrize("name", ["", "   ", "¿?"])
def test_a_name_has_letters(name):
    with pytest.raises(ValidationError) as error:
        community(name)
    assert codes(error) <= {"no_letters", "blank"}
    assert not Community.objects.exists()


@pytest.mark.parametrize("name", ["Rumi Yacu", "Rumi Yakun"])
def test_a_similar_name_is_taken_only_when_somebody_says_that_it_is_another(name):
    community("Rumi Yaku")
    with pytest.raises(ValidationError) as error:
        services.add_community(actor=None, name=name)
    assert codes(error) == {"similar"}
    assert "Rumi Yaku" in str(error.value)
    services.add_community(actor=None, name=name, distinct=True)
    assert Community.objects.count() == 2


def test_spaces_around_a_name_are_not_kept():
    assert community("  Rumi   Yaku ").name == "Rumi Yaku"


def test_a_name_cannot_be_another_community_s_spelling():
    community("Islas APAAI", "Isla Apaai")
    with pytest.raises(ValidationError) as error:
        community("ISLA APÁAI")
    assert codes(error) == {"spelling_taken"}
    assert "Islas APAAI" in str(error.value)


def test_a_spelling_cannot_be_another_community_s_name():
    rumi, _serena = community("Rumi Yaku"), community("Serena")
    with pytest.raises(ValidationError) as error:
        services.add_alias(actor=None, community=rumi, spelling="SERÉNA")
    assert codes(error) == {"spelling_taken"}
    services.add_alias(actor=None, community=rumi, spelling="Piedra de agua")


def test_a_spelling_cannot_point_to_two_communities():
    community("Rumi Yaku", "Piedra de agua")
    serena = community("Serena")
    with pytest.raises(ValidationError) as error:
        services.add_alias(actor=None, community=serena, spelling="Piedra  de Água")
    assert codes(error) == {"spelling_taken"}
    assert "Rumi Yaku" in str(error.value)
    assert not serena.aliases.exists()


@pytest.mark.parametrize("spelling", ["RUMI YAKU", "rumi yacu"])
def test_a_spelling_already_known_of_the_same_community_is_said_to_be_so(spelling):
    rumi = community("Rumi Yaku", "Rumi Yacu")
    with pytest.raises(ValidationError) as error:
        services.add_alias(actor=None, community=rumi, spelling=spelling)
    assert codes(error) == {"alias_known"}


@pytest.mark.parametrize("taken", ["name", "spelling"])
def test_the_database_itself_keeps_spellings_apart(taken):
    """Past every check in Python: plain SQL, as from a shell or a spreadsheet tool."""
    rumi, serena = community("Rumi Yaku", "Piedra"), community("Serena")
    statement, value = {
        "name": ("INSERT INTO members_communityalias (community_id, spelling, source)"
                 " VALUES (%s, %s, '')", [serena.pk, "rúmi yaku"]),
        "spelling": ("UPDATE members_community SET name = %s WHERE id = %s", ["PIEDRA", serena.pk]),
    }[taken]  # fmt: skip
    with (
        pytest.raises(IntegrityError, match="another community"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, value)
    with connection.cursor() as cursor:
        cursor.execute(statement, [rumi.pk if v == serena.pk else v for v in value])


def test_a_community_is_never_removed():
    rumi = community("Rumi Yaku")
    with pytest.raises(InternalError, match="closed, never removed"), transaction.atomic():
        with acting(reason=REASON):
            rumi.delete()
    assert Community.objects.get() == rumi


def test_renaming_keeps_the_old_name_findable_and_the_history():
    rumi = community("Rumi Yacu")
    renamed = services.rename_community(
        actor=None, community=rumi, name="Piedra Grande", reason=REASON
    )
    assert renamed.name == "Piedra Grande"
    assert [alias.spelling for alias in renamed.aliases.all()] == ["Rumi Yacu"]
    assert Community.objects.named("rumi yaku").get() == rumi
    assert [row.name for row in Community.history.order_by("history_id")] == [
        "Rumi Yacu",
        "Piedra Grande",
    ]


def test_renaming_to_and_fro_makes_each_spelling_once():
    rumi = community("Rumi Yacu")
    for name in ["Piedra", "Rumi Yacu", "Piedra", "PIEDRA"]:
        rumi = services.rename_community(actor=None, community=rumi, name=name, reason=REASON)
    assert rumi.name == "PIEDRA"
    assert {alias.spelling for alias in rumi.aliases.all()} == {"Rumi Yacu", "Piedra"}
    assert Community.objects.named("Rumi Yacu").get() == rumi


def test_renaming_without_a_reason_is_refused():
    rumi = community("Rumi Yaku")
    with pytest.raises(ValidationError) as error:
        services.rename_community(actor=None, community=rumi, name="Piedra", reason=" ")
    assert codes(error) == {"reason_required"}
    rumi.refresh_from_db()
    assert rumi.name == "Rumi Yaku"
    services.rename_community(actor=None, community=rumi, name="Piedra", reason=REASON)


def test_renaming_to_the_same_name_writes_nothing():
    rumi = community("Rumi Yaku")
    services.rename_community(actor=None, community=rumi, name="Rumi Yaku", reason=REASON)
    assert Community.history.count() == 1


def test_a_correction_writes_only_what_differs():
    rumi = community("Rumi Yaku", canton="Tena")
    services.correct_community(actor=None, community=rumi, canton="Tena", reason=REASON)
    assert Community.history.count() == 1
    services.correct_community(actor=None, community=rumi, parish="Puerto Napo", reason=REASON)
    rumi.refresh_from_db()
    assert (rumi.canton, rumi.parish) == ("Tena", "Puerto Napo")
    assert Community.history.first().history_change_reason == REASON


def test_a_closed_community_opens_again_and_each_step_happens_once():
    rumi = community("Rumi Yaku")
    with pytest.raises(ValidationError) as error:
        services.reopen_community(actor=None, community=rumi, reason=REASON)
    assert codes(error) == {"not_closed"}
    rumi = services.close_community(
        actor=None, community=rumi, closed_on=date(2026, 3, 1), reason=REASON
    )
    assert not Community.objects.opened().exists()
    with pytest.raises(ValidationError) as error:
        services.close_community(
            actor=None, community=rumi, closed_on=date(2026, 4, 1), reason=REASON
        )
    assert codes(error) == {"already_closed"}
    rumi = services.reopen_community(actor=None, community=rumi, reason=REASON)
    assert rumi.is_open
    assert Community.objects.opened().get() == rumi


def test_history_names_who_acted():
    rosa = User.objects.create_user("rosa", "una clave larga 9", full_name="Rosa Grefa")
    rumi = services.add_community(actor=rosa, name="Rumi Yaku")
    services.add_alias(actor=rosa, community=rumi, spelling="Rumi Yacu")
    assert Community.history.get().actor_name == "Rosa Grefa"
    assert CommunityAlias.history.get().actor_name == "Rosa Grefa"


def test_search_needs_all_words_in_one_spelling():
    talag = community("Bajo Talag")
    other = community("Centro Talag", "Talag de arriba")
    assert set(Community.objects.search("talag")) == {talag, other}
    assert set(Community.objects.search("talag arriba")) == {other}
    assert not Community.objects.search("centro arriba").exists()
    assert set(Community.objects.search("  ")) == {talag, other}


@pytest.mark.parametrize("hostile", ["%", "_", "\\", "' OR 1=1 --", "\0", "%_%"])
def test_a_search_for_signs_is_no_pattern(hostile):
    community("Rumi Yaku")
    assert Community.objects.search(hostile + "x").count() == 0
    assert Community.objects.named(hostile).count() == 0


# --- Races ---------------------------------------------------------------------------------------


def meanwhile(act):
    """Run `act` in a thread and transaction of its own; the thread, and a list of its refusals."""
    refusals = []

    def run():
        try:
            with transaction.atomic():
                act()
        except (IntegrityError, ValidationError) as error:
            refusals.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, refusals


def wait_until_somebody_waits_for_the_lock():
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


def insert_alias(pk):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO members_communityalias (community_id, spelling, source)"
            " VALUES (%s, 'Shandia', '')",
            [pk],
        )


def insert_community():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO members_community (name, canton, parish, note, delegate_seats)"
            " VALUES ('Shandia', '', '', '', 0)"
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_one_keeps_the_spelling():
    rumi = community("Rumi Yaku")
    with transaction.atomic():
        insert_alias(rumi.pk)
        thread, refusals = meanwhile(insert_community)
        wait_until_somebody_waits_for_the_lock()
    thread.join(20)
    assert [type(refusal) for refusal in refusals] == [IntegrityError]
    assert CommunityAlias.objects.filter(spelling="Shandia").count() == 1
    assert Community.objects.filter(name="Shandia").count() == 0


@pytest.fixture
def triggers_without_lock(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc"
            " WHERE proname LIKE 'pgtrigger_no_spelling_of_two%'"
        )
        functions = [row[0] for row in cursor.fetchall()]
        assert len(functions) == 2
        for function in functions:
            cursor.execute(function.replace("PERFORM pg_advisory_xact_lock(", "PERFORM abs("))
    yield
    with connection.cursor() as cursor:
        for function in functions:
            cursor.execute(function)


def test_without_the_lock_both_writers_would_keep_it(triggers_without_lock):
    """The twin of the test above: the same race, with the triggers' lock taken out."""
    rumi = community("Rumi Yaku")
    with transaction.atomic():
        insert_alias(rumi.pk)
        thread, refusals = meanwhile(insert_community)
        thread.join(20)
    assert refusals == []
    assert CommunityAlias.objects.filter(spelling="Shandia").count() == 1
    assert Community.objects.filter(name="Shandia").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_service_that_comes_second_gets_a_clear_answer():
    rumi = community("Rumi Yaku")
    with transaction.atomic():
        services.add_alias(actor=None, community=rumi, spelling="Shandia")
        thread, refusals = meanwhile(lambda: services.add_community(actor=None, name="Shandia"))
        wait_until_somebody_waits_for_the_lock()
    thread.join(20)
    assert [type(refusal) for refusal in refusals] == [ValidationError]
    assert "Rumi Yaku" in str(refusals[0])


@pytest.mark.django_db(transaction=True)
def test_whoever_corrects_or_closes_a_community_does_not_wait_for_whoever_renames_one():
    """A renaming takes the lock on spellings first and the row afterwards: whoever has locked the
    row must not ask for that lock, or both wait for ever."""
    rumi = community("Rumi Yaku")
    told: dict[str, Any] = {"actor": None, "reason": REASON}
    acts = [
        lambda: services.correct_community(community=rumi, canton="Tena", **told),
        lambda: services.close_community(community=rumi, closed_on=date(2024, 3, 1), **told),
        lambda: services.reopen_community(community=rumi, **told),
        lambda: Community.objects.update(delegate_seats=3),
    ]
    for act in acts:
        with transaction.atomic():
            services.lock_spellings()
            thread, refusals = meanwhile(act)
            thread.join(10)
            waits = thread.is_alive()
        thread.join(20)
        assert not waits
        assert refusals == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE members_community SET name = 'Shandia' WHERE name = 'Serena'",
        "UPDATE members_communityalias SET spelling = 'Serena' WHERE spelling = 'Shandia'",
    ],
)
def test_a_changed_spelling_is_held_against_the_other_table(sql):
    community("Rumi Yaku", "Shandia")
    community("Serena")
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="belongs to another"), transaction.atomic():
            cursor.execute(sql)


def test_an_alias_that_goes_over_to_another_community_is_held_against_its_name_too():
    rumi, serena = community("Rumi Yaku"), community("Serena")
    alias = services.add_alias(actor=None, community=rumi, spelling="Rumi  Yacu")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE members_communityalias SET spelling = 'rumi yaku' WHERE id = %s", [alias.pk]
        )
        move = "UPDATE members_communityalias SET community_id = %s WHERE id = %s"
        with pytest.raises(IntegrityError, match="belongs to another"), transaction.atomic():
            cursor.execute(move, [serena.pk, alias.pk])


def test_a_community_is_not_closed_from_a_day_that_has_not_come():
    told: dict[str, Any] = {"actor": None, "community": community("Rumi Yaku"), "reason": REASON}
    today = timezone.localdate()
    with pytest.raises(ValidationError) as error:
        services.close_community(closed_on=today + timedelta(days=1), **told)
    assert codes(error) == {"in_the_future"}
    assert not services.close_community(closed_on=today, **told).is_open


@pytest.mark.parametrize(("typed", "found"), [("zzzz", []), ("ll", []), ("serrena", ["Serena"])])
def test_a_sound_of_one_letter_finds_nothing_and_a_misspelt_name_is_found(
    typed: str, found: list[str]
) -> None:
    for name in ("Serena", "Shandia", "Mirador"):
        community(name)
    assert [one.name for one in Community.objects.search(typed)] == found
