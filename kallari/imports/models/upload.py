"""A list that somebody handed in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kallari.history.records import History
from kallari.imports.querysets import UploadQuerySet


class Upload(models.Model):
    """One file somebody chose to import: kept while they look at what it would do, so that what is
    written is what they saw, on whichever server they confirm it.

    The content goes once the file is imported, put away or forgotten: what it wrote stands in
    history, its name and digest stay here.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("por confirmar")
        IMPORTED = "imported", _("importado")
        DISCARDED = "discarded", _("descartado")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("lista"), max_length=40, editable=False)
    file_name = models.CharField(_("archivo"), max_length=150, editable=False)
    digest = models.CharField(_("huella"), max_length=64, editable=False)
    content = models.BinaryField(_("contenido"), editable=False)
    state = models.CharField(
        _("estado"), max_length=10, choices=State, default=State.WAITING, editable=False
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("entregado por"),
        editable=False,
    )
    uploaded_at = models.DateTimeField(_("entregado"), auto_now_add=True)
    outcome = models.JSONField(_("resultado"), default=dict, editable=False)
    """How many rows met which fate, by the values of `kallari.imports.plans.Fate`."""

    objects: ClassVar[UploadQuerySet] = UploadQuerySet.as_manager()  # type: ignore[assignment]
    history = History(excluded_fields=["content"], masked_fields=["digest"])

    class Meta:
        verbose_name = _("archivo para importar")
        verbose_name_plural = _("archivos para importar")
        ordering: ClassVar[list[str]] = ["-uploaded_at"]
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state="waiting") | models.Q(content=b""),
                name="only_a_waiting_file_keeps_its_content",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
