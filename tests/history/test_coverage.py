"""A table cannot be forgotten: it has history, or says why not."""

# ruff: noqa: DJ008  # models of one test have nothing to say

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.db import models
from django.test.utils import isolate_apps

from kallari.accounts.models import User
from kallari.history.coverage import check_history, lacking_history, our_apps, our_models
from kallari.history.models import Seal
from members.models import Community


def test_every_table_of_the_house_has_history_or_a_reason() -> None:
    assert check_history(None) == []


def test_django_runs_the_check() -> None:
    from django.core.checks.registry import registry

    assert check_history in list(registry.get_checks())  # type: ignore[comparison-overlap]


def test_our_tables_are_those_of_this_repository() -> None:
    assert {"kallari", "members"} <= {config.name.split(".")[0] for config in our_apps()}
    assert {config.name for config in our_apps()}.isdisjoint({"axes", "django.contrib.auth"})
    assert {Community, Community.history.model, Seal, User} <= set(our_models())


@pytest.fixture
def _isolated() -> Iterator[None]:
    with isolate_apps("members"):
        yield


def _codes(*models_: type[models.Model]) -> list[str]:
    return [error.id.split(".")[-1] for error in lacking_history(models_) if error.id]


@pytest.mark.usefixtures("_isolated")
def test_a_model_without_history_is_refused_until_it_says_why() -> None:
    class Silent(models.Model):
        class Meta:
            app_label = "members"

    class Excused(models.Model):
        without_history: ClassVar[str] = "a ballot names nobody"

        class Meta:
            app_label = "members"

    class Empty(models.Model):
        without_history: ClassVar[str] = "  "

        class Meta:
            app_label = "members"

    assert _codes(Silent, Excused, Empty) == ["E001", "E001"]


@pytest.mark.usefixtures("_isolated")
def test_a_many_to_many_table_made_by_django_is_refused() -> None:
    class Group(models.Model):
        members: Any = models.ManyToManyField("Group")
        without_history: ClassVar[str] = "only for this test"

        class Meta:
            app_label = "members"

    through = Group._meta.get_field("members").remote_field.through  # type: ignore[union-attr]
    assert _codes(Group, through) == ["E002"]


def test_history_that_excuses_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Community, "without_history", "why not", raising=False)

    assert _codes(Community) == ["E004"]


def test_history_that_follows_many_to_many_fields_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Community.history.model, "_history_m2m_fields", ["x"])

    assert _codes(Community.history.model) == ["E003"]


@pytest.mark.usefixtures("_isolated")
@pytest.mark.parametrize(
    ("on_delete", "errors"),
    [(models.SET_NULL, ["kallari.history.E005"]), (models.PROTECT, [])],
)
def test_a_link_that_django_would_clear_without_history_is_refused(
    on_delete: Any, errors: list[str]
) -> None:
    class Delivery(models.Model):
        community = models.ForeignKey("members.Community", on_delete, null=True)

        class Meta:
            app_label = "members"

    Delivery._meta.simple_history_manager_attribute = "history"  # type: ignore[attr-defined]
    assert [error.id for error in lacking_history([Delivery])] == errors
