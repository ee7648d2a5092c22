"""Every table of the house has history, or says why not.

A model carries ``history = History()``, or ``without_history: ClassVar[str] = "the reason"``. The
system check below refuses to start with a model that has neither: a table added later cannot be
forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.db import models


def our_apps() -> list[AppConfig]:
    """The apps of the house: those whose code lies in this repository."""
    return [
        config
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(settings.BASE_DIR)
        and "site-packages" not in Path(config.path).parts
    ]


def our_models() -> list[type[models.Model]]:
    """Every table of the house, history and seals among them."""
    return [
        model
        for config in our_apps()
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def check_history(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.Error]:
    """Django's system check: see the module's description."""
    return list(lacking_history(our_models()))


def lacking_history(ours: Iterable[type[models.Model]]) -> Iterator[checks.Error]:
    """What is wrong with the history of these models."""
    for model in ours:
        if hasattr(model, "history_object"):
            if getattr(model, "_history_m2m_fields", ()):
                yield _error(
                    "E003",
                    model.instance_type,  # type: ignore[attr-defined]  # history models have it
                    "follows many-to-many fields, which seals do not cover",
                    "Give the field a through model with history of its own.",
                )
            continue
        has_history = hasattr(model._meta, "simple_history_manager_attribute")
        reason = str(getattr(model, "without_history", "")).strip()
        if model._meta.auto_created:
            yield _error(
                "E002",
                model,
                "is a many-to-many table made by Django, so it has no history",
                "Give the field a through model with history of its own.",
            )
        elif not has_history and not reason:
            yield _error(
                "E001",
                model,
                "has no history and does not say why",
                'Give it `history = History()`, or `without_history = "the reason"`.',
            )
        elif has_history and (silent := _links_cleared_silently(model)):
            yield _error(
                "E005",
                model,
                f"lets Django clear {', '.join(silent)} without history when the other row goes",
                "Use PROTECT: what others depend on is closed, never removed.",
            )
        elif has_history and reason:
            yield _error(
                "E004",
                model,
                "has history and a reason to have none",
                "Take `without_history` away.",
            )


def _links_cleared_silently(model: type[models.Model]) -> list[str]:
    """Foreign keys that Django would overwrite with plain SQL, past all signals."""
    kept = (models.PROTECT, models.RESTRICT, models.DO_NOTHING, models.CASCADE)
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.remote_field
        and getattr(field.remote_field, "on_delete", models.PROTECT) not in kept
    ]


def _error(code: str, model: type[models.Model], what: str, hint: str) -> checks.Error:
    return checks.Error(
        f"{model._meta.label} {what}.", hint=hint, obj=model, id=f"kallari.history.{code}"
    )
