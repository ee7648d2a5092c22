"""Values and names as a person reads them."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.db import models
from django.utils import translation

from kallari.accounts.models import ApiToken, RoleAssignment, User
from kallari.history import changes
from kallari.history.changes import Change, Filters, Kind
from kallari.history.context import acting
from kallari.history.records import History
from kallari.history.tracked import tracked_models
from kallari.history.wording import HIDDEN, Names, masked_fields, name_of, shown, tracked_fields
from tests.history.factories import history_row, minutes, role_group
from tests.queries import assert_same_queries


def text(field: Any, value: Any) -> str:
    return str(shown(field, value, Names()))


def newest(filters: Filters | None = None) -> Change:
    return changes.describe(changes.find(filters or Filters(), size=1).places)[0]


def told(change: Change) -> dict[str, tuple[str, str]]:
    return {field.name: (str(field.old), str(field.new)) for field in change.fields}


@pytest.mark.parametrize(
    ("field", "value", "spanish", "english"),
    [
        (models.BooleanField(), True, "Sí", "Yes"),
        (models.BooleanField(), False, "No", "No"),
        (models.DecimalField(), Decimal("1234567.500"), "1.234.567,500", "1,234,567.500"),
        (models.DecimalField(), Decimal("-0.05"), "-0,05", "-0.05"),
        (models.IntegerField(), 2026, "2026", "2026"),
        (models.CharField(choices=[("kg", "kilos")]), "kg", "kilos", "kilos"),
        (models.CharField(choices=[("kg", "kilos")]), "lb", "lb", "lb"),
        (models.CharField(choices=[("Peso", [("kg", "kilos")])]), "kg", "kilos", "kilos"),
        (models.DateField(), date(2026, 3, 5), "05/03/2026", None),
        (
            models.DateTimeField(),
            datetime(2026, 3, 5, 2, 30, 9, tzinfo=UTC),
            "04/03/2026 21:30:09",
            None,
        ),
        (models.JSONField(), {"b": [1], "a": "ñ"}, '{\n  "a": "ñ",\n  "b": [\n    1\n  ]\n}', None),
        (models.BinaryField(), b"abc", "3 bytes", "3 bytes"),
        (models.UUIDField(), uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001", None),
        (models.CharField(), "", "vacío", "empty"),
        (models.CharField(), None, "vacío", "empty"),
        (models.JSONField(), {}, "vacío", "empty"),
        (models.IntegerField(), 0, "0", "0"),
    ],
)
def test_a_value_is_shown_in_words(
    field: Any, value: Any, spanish: str, english: str | None
) -> None:
    with translation.override("es"):
        assert text(field, value) == spanish
    if english in {"Yes", "No", "empty"}:
        return  # words of the catalogue are checked where translations are
    if english is not None:
        with translation.override("en"):
            assert text(field, value) == english


def test_long_or_structured_values_keep_their_line_breaks() -> None:
    names = Names()
    assert shown(models.TextField(), "una\ndos", names).is_block
    assert shown(models.TextField(), "x" * 201, names).is_block
    assert shown(models.JSONField(), {"a": 1}, names).is_block
    assert not shown(models.TextField(), "una", names).is_block


@pytest.mark.django_db
def test_a_change_tells_only_what_differs(administration: User) -> None:
    with acting(administration, reason="Avisó por teléfono."):
        administration.email = "rosa@kallari.example"
        administration.save()
    change = newest()
    assert told(change) == {"email": ("vacío", "rosa@kallari.example")}
    (field,) = change.fields
    assert (field.label, field.before, field.after) == (
        "correo electrónico",
        "",
        "rosa@kallari.example",
    )
    assert change.kind is Kind.CHANGED
    assert change.reason == "Avisó por teléfono."
    assert change.actor_name == administration.full_name
    assert change.actor_role == "Administración"
    assert change.actor_id == administration.pk
    assert change.object_label == administration.full_name


@pytest.mark.django_db
def test_a_creation_tells_what_is_not_empty_and_a_removal_what_was(auditor: User) -> None:
    with acting(auditor):
        assignment = RoleAssignment.objects.create(user=auditor, group=role_group("delegate"))
    role = "Delegada o delegado"
    expected = {"user": auditor.full_name, "group": role, "role": role}
    assert told(newest()) == {name: ("vacío", value) for name, value in expected.items()}
    with acting(auditor, reason="Terminó su período."):
        assignment.delete()
    removal = newest()
    assert told(removal) == {name: (value, "vacío") for name, value in expected.items()}
    assert removal.object_label == f"{auditor.full_name}: Delegada o delegado"


@pytest.mark.django_db
def test_a_record_saved_without_a_difference_says_so(auditor: User) -> None:
    with acting(auditor, reason="Otra vez."):
        auditor.save()
    change = newest()
    assert (change.kind, change.fields, change.earlier_known) == (Kind.CHANGED, (), True)


@pytest.mark.django_db
def test_a_change_without_an_earlier_row_lists_everything() -> None:
    history_row(User, id=5, kind="~", username="rosa", email="r@kallari.example")
    change = newest()
    assert not change.earlier_known
    assert told(change)["email"] == ("vacío", "r@kallari.example")


@pytest.mark.django_db
def test_the_row_before_is_the_one_written_before_whatever_the_clocks_say() -> None:
    history_row(User, id=5, username="uno", at=minutes(60))
    history_row(User, id=5, kind="~", username="dos", at=minutes(0))
    history_row(User, id=6, username="otra", at=minutes(0))
    (change,) = changes.describe(changes.find(Filters(kind=Kind.CHANGED)).places)
    assert told(change) == {"username": ("uno", "dos")}


@pytest.mark.django_db
def test_a_new_password_shows_as_changed_and_never_as_its_fingerprint(auditor: User) -> None:
    with acting(auditor, reason="La otra se conocía."):
        auditor.set_password("una clave nueva y larga")
        auditor.save()
    change = newest()
    assert told(change) == {"password_fingerprint": ("no se muestra", "cambió")}
    assert (change.fields[0].before, change.fields[0].after) == (None, None)
    creation = newest(Filters(kind=Kind.CREATED, model=User))
    assert "password_fingerprint" not in told(creation)


@pytest.mark.django_db
def test_the_digest_of_a_key_appears_nowhere(auditor: User) -> None:
    with acting(auditor):
        ApiToken.objects.create(user=auditor, digest="abcdef12" * 8)
    change = newest()
    assert "digest" not in told(change)
    assert "abcdef12" not in repr(change)
    assert HIDDEN in change.object_label  # the name that the key takes from its digest


def test_whatever_sounds_secret_is_left_out_or_masked() -> None:
    words = ("password", "digest", "secret", "fingerprint", "token", "hash", "private", "seed")
    shown_fields = [
        f"{model._meta.label}.{field.name}"
        for model in tracked_models()
        for field in tracked_fields(model)
        if field.name not in masked_fields(model)
        and not isinstance(field, models.BooleanField)
        and any(word in field.name for word in words)
    ]
    assert shown_fields == [
        "members.ReinspectionSample.seed",  # told to everybody: anybody can draw it again
        "harvests.Delivery.content_digest",  # of what a telephone sent; it opens nothing
    ]


def test_a_mask_over_no_field_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"masks no such fields: .'digests'"):
        History(masked_fields=["digests"]).get_extra_fields(ApiToken, {"digest": None})


@pytest.mark.django_db
def test_a_person_who_is_gone_keeps_the_name_of_their_last_history() -> None:
    history_row(User, id=77, username="rosa", full_name="Rosa", at=minutes(0))
    history_row(User, id=77, kind="~", username="rosa", full_name="Rosa Grefa", at=minutes(1))
    history_row(RoleAssignment, user_id=77, group_id=role_group().pk, at=minutes(2))
    assert told(newest())["user"] == ("vacío", "Rosa Grefa")
    assert newest().object_label == "Rosa Grefa: Auditoría"


@pytest.mark.django_db
def test_what_is_gone_without_a_trace_is_called_by_its_number() -> None:
    history_row(RoleAssignment, id=4, user_id=987654, group_id=987654)
    change = newest()
    assert told(change)["group"] == ("vacío", "n.º 987654, que ya no existe")
    assert change.object_label == "Rol de una cuenta 4"


@pytest.mark.django_db
def test_what_is_gone_is_looked_for_once() -> None:
    def make_rows(number: int) -> None:
        for row in range(number):
            history_row(RoleAssignment, id=row, user_id=987654 + row, group_id=987654 + row)

    def act() -> None:
        assert changes.describe(changes.find(Filters(), size=100).places)

    assert_same_queries(make_rows, act, few=2, many=40)


def test_a_value_on_a_page_is_escaped() -> None:
    for field in (models.CharField(), models.JSONField()):
        html = shown(field, '<b>x</b>\n"', Names()).html
        assert "<b>" not in html
        assert "&lt;b&gt;x&lt;/b&gt;" in html


@pytest.mark.django_db
def test_two_of_one_name_are_told_apart(auditor: User, manager: User) -> None:
    User.objects.filter(pk__in=[auditor.pk, manager.pk]).update(full_name="Rosa Grefa")
    history_row(RoleAssignment, user_id=auditor.pk, group_id=role_group().pk)
    history_row(RoleAssignment, kind="~", user_id=manager.pk, group_id=role_group().pk)
    change = newest(Filters(model=RoleAssignment, object_pk=900))
    assert told(change) == {"user": (f"Rosa Grefa ({auditor.pk})", f"Rosa Grefa ({manager.pk})")}


@pytest.mark.django_db
def test_an_empty_value_in_place_of_another_is_no_difference() -> None:
    history_row(User, cedula=None)
    history_row(User, kind="~", cedula="")
    assert told(newest()) == {}


def test_one_odd_row_does_not_close_the_list() -> None:
    class Odd(ApiToken):
        class Meta:
            proxy = True
            app_label = "accounts"

        def __str__(self) -> str:
            raise ObjectDoesNotExist

    assert name_of(Odd(pk=3)) == "Odd 3"


@pytest.mark.django_db
def test_one_request_is_one_act() -> None:
    request_id, other = uuid.uuid4(), uuid.uuid4()
    of_it: dict[str, Any] = {"request_id": request_id, "history_user_id": 7, "actor_name": "Rosa"}
    history_row(User, id=1, at=minutes(0), **of_it)
    history_row(User, id=2, at=minutes(1), request_id=other)
    history_row(User, id=3, at=minutes(2), **of_it)
    history_row(User, id=4, at=minutes(3))
    history_row(User, id=5, at=minutes(4))
    found = changes.acts(changes.describe(changes.find(Filters(), size=5).places))
    assert [[change.object_pk for change in act.changes] for act in found] == [
        [5],
        [4],
        [3, 1],
        [2],
    ]
    assert [(act.total, act.elsewhere) for act in found] == [(1, 0), (1, 0), (2, 0), (1, 0)]
    (part,) = changes.acts(changes.describe(changes.find(Filters(model=User, object_pk=3)).places))
    assert (part.total, part.elsewhere) == (2, 1)


@pytest.mark.django_db
def test_an_act_has_a_reason_when_all_its_changes_share_it() -> None:
    request_id = uuid.uuid4()
    for reason, number in (("Uno.", 1), ("Uno.", 2)):
        history_row(User, id=number, kind="~", request_id=request_id, history_change_reason=reason)

    def acts() -> list[changes.Act]:
        return changes.acts(changes.describe(changes.find(Filters()).places))

    assert [act.reason for act in acts()] == ["Uno."]
    history_row(User, id=3, kind="~", request_id=request_id, history_change_reason="Dos.")
    assert [act.reason for act in acts()] == [""]


@pytest.mark.django_db
def test_counting_an_act_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "COUNTED_IN_AN_ACT", 3)
    request_id = uuid.uuid4()
    for number in range(4):
        history_row(User, id=number, request_id=request_id)
    (act,) = changes.acts(changes.describe(changes.find(Filters(), size=2).places))
    assert (act.total, act.total_is_more) == (3, True)
