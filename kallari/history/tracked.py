"""Which models carry history, and where it stands."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import models

AnyModel = type[models.Model]


@cache
def history_of(model: AnyModel) -> AnyModel:
    """Return the model of a tracked model's history rows.

    Asked once: the package makes a new manager class each time its descriptor is read.
    """
    manager = getattr(model, model._meta.simple_history_manager_attribute)  # type: ignore[attr-defined]
    history_model: AnyModel = manager.model
    return history_model


def is_tracked(model: AnyModel) -> bool:
    """Whether the model carries history."""
    return hasattr(model._meta, "simple_history_manager_attribute")


def tracked_models() -> list[AnyModel]:
    """Return every model with history, in the order of the app registry."""
    return [model for model in apps.get_models() if is_tracked(model)]
