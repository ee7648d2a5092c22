"""The history that every model carries: one append-only row for each creation, change, removal.

``history = History()`` on a model makes django-simple-history's table with what it lacks:

- one order over all tables: `history_id` comes from one sequence, so that a change list and a
  seal need no second ledger;
- request id, the actor's name and roles as text;
- a reason, without which the database takes neither a change nor a removal;
- a trigger that refuses UPDATE, DELETE and TRUNCATE;
- the indexes that the change list reads, and no others.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.core.exceptions import ImproperlyConfigured
from django.db import models, router, transaction
from django.utils.translation import gettext_lazy as _
from simple_history import utils
from simple_history.models import HistoricalRecords

from kallari.history import context

CREATED, CHANGED, REMOVED = "+", "~", "-"


def append_only() -> pgtrigger.Trigger:
    """A trigger that refuses every statement that would change or remove rows of a table."""
    return pgtrigger.Trigger(
        name="append_only",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func="RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;",
    )


def never_removed() -> pgtrigger.Trigger:
    """A trigger that refuses to remove rows that others depend on; they are closed instead."""
    return pgtrigger.Trigger(
        name="never_removed",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Delete | pgtrigger.Truncate,
        func="RAISE EXCEPTION '% rows are closed, never removed', TG_TABLE_NAME;",
    )


class NextHistoryId(models.Func):
    """The next place in the one order of all history rows.

    ``kallari_next_history_id()`` takes a shared advisory lock before it draws from the sequence,
    so that a seal, which takes the same lock exclusively for an instant, knows that no row below
    the newest id is still on its way (see `kallari.history.seals`).
    """

    function = "kallari_next_history_id"
    arity = 0
    output_field = models.BigIntegerField()


class HistoryRow(models.Model):
    """The columns that each history row has beside those of its model."""

    request_id = models.UUIDField(
        _("solicitud"), null=True, editable=False, default=context.current_request_id
    )
    actor_name = models.TextField(
        _("persona"), blank=True, editable=False, default=context.current_actor_name
    )
    actor_role = models.TextField(
        _("rol"), blank=True, editable=False, default=context.current_actor_role
    )

    class Meta:
        abstract = True


def _current_actor(instance: models.Model, **_kwargs: Any) -> Any:
    return context.current_actor()


class History(HistoricalRecords):  # type: ignore[misc]  # the package carries no types
    """Put on a model as ``history = History()``; see the module's description.

    Args:
        excluded_fields: names of fields that are nobody's business later (a password hash) or
            no fact of the association (the moment of the last use). Generated columns are left
            out by themselves.
        masked_fields: names of fields kept for comparing alone (a fingerprint). History shows
            that they changed, never what they hold.
    """

    def __init__(
        self,
        *,
        excluded_fields: list[str] | None = None,
        masked_fields: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        self.masked_fields = frozenset(masked_fields)
        super().__init__(
            bases=(HistoryRow,),
            history_id_field=models.BigIntegerField(db_default=NextHistoryId()),
            history_change_reason_field=models.TextField(_("motivo"), blank=True, default=""),
            history_user_id_field=models.BigIntegerField(_("cuenta"), null=True),
            get_user=_current_actor,
            excluded_fields=excluded_fields,
            **kwargs,
        )

    def fields_included(self, model: Any) -> list[models.Field[Any, Any]]:
        return [field for field in super().fields_included(model) if not field.generated]

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        fields: dict[str, Any] = super().copy_fields(model)
        for field in fields.values():
            field.db_index = False  # the indexes stand in get_meta_options
        return fields

    def get_extra_fields(self, model: type[models.Model], fields: dict[str, Any]) -> dict[str, Any]:
        if unknown := self.masked_fields - set(fields):
            raise ImproperlyConfigured(f"{model.__name__} masks no such fields: {sorted(unknown)}")
        extra: dict[str, Any] = super().get_extra_fields(model, fields)
        return extra | {"masked_fields": self.masked_fields}

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        options: dict[str, Any] = super().get_meta_options(model)
        table = model._meta.db_table
        mark = f"{zlib.crc32(table.encode()):08x}"
        options["default_permissions"] = ()
        options["indexes"] = [
            models.Index(fields=[model._meta.pk.attname, "history_id"], name=f"h_{mark}_object"),
            models.Index(
                fields=["history_type", "history_date", "history_id"], name=f"h_{mark}_kind"
            ),
            models.Index(
                fields=["history_user_id", "history_type", "history_date", "history_id"],
                name=f"h_{mark}_user",
            ),
            models.Index(
                fields=["request_id", "history_date", "history_id"], name=f"h_{mark}_request"
            ),
        ]
        options["constraints"] = [
            models.CheckConstraint(
                condition=models.Q(history_type=CREATED)
                | models.Q(history_change_reason__regex=r"\S"),
                name=f"{table[:40]}_changes_have_a_reason",
            )
        ]
        options["triggers"] = [append_only()]
        return options

    def get_change_reason_for_object(
        self, instance: models.Model, history_type: str, using: str | None
    ) -> str:
        """The reason on the object itself, else that of the act under way.

        Raises:
            ValidationError: code ``reason_required``, for a change or removal without one.
        """
        reason: str = utils.get_change_reason_from_object(instance) or context.current_reason()
        return reason if history_type == CREATED else context.require_reason(reason)

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        """Let the model write each row and its history together or not at all."""
        super().finalize(sender, **kwargs)
        if hasattr(sender, self.manager_name) and not sender._meta.abstract:
            _save_with_history(sender, self)

    def leaves_out(self, model: Any, update_fields: Iterable[str] | None) -> bool:
        """Whether a save of these fields alone is none of history's business."""
        return update_fields is not None and not self._tracked_names(model) & set(update_fields)

    def _tracked_names(self, model: Any) -> set[str]:
        return {
            name for field in self.fields_included(model) for name in (field.name, field.attname)
        }

    def post_save(
        self, instance: models.Model, created: bool, using: str | None = None, **kwargs: Any
    ) -> None:
        """Write what the live row now holds, unless only fields that history leaves out were saved.

        After a save of some fields, the object in memory may hold others that were never saved:
        history then takes them from the database.
        """
        fields = kwargs.get("update_fields")
        if self.leaves_out(instance, fields):
            return
        if fields is not None and not self._tracked_names(instance) <= set(fields):
            instance = _as_stored(instance, using)
        super().post_save(instance, created, using=using, **kwargs)


def _save_with_history(model: type[models.Model], history: History) -> None:
    """Make every save of a model one transaction with its history row, in a shell too.

    Django saves in autocommit and then sends `post_save`: without this, a refusal or a kill in
    between would leave a row without history, and two writers could record their changes in the
    opposite order. A change without a reason is refused before anything is written.
    """
    save_base = model.save_base

    @functools.wraps(save_base)
    def save_base_with_history(
        self: models.Model,
        raw: bool = False,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        using = using or router.db_for_write(type(self), instance=self)
        skipped = raw or hasattr(self, "skip_history_when_saving")
        if not (skipped or self._state.adding or history.leaves_out(self, update_fields)):
            history.get_change_reason_for_object(self, CHANGED, using)
        with transaction.atomic(using=using, savepoint=False):
            save_base(self, raw, force_insert, force_update, using, update_fields)

    model.save_base = save_base_with_history  # type: ignore[method-assign]


def _as_stored(instance: models.Model, using: str | None) -> models.Model:
    """The same row as the database has it, with what was said about the change."""
    stored = type(instance)._base_manager.using(using).get(pk=instance.pk)
    for said in ("_change_reason", "_history_user", "_history_date"):
        if hasattr(instance, said):
            setattr(stored, said, getattr(instance, said))
    return stored
